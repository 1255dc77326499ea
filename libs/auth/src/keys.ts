import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/**
 * Every service signs with a key of its own (Ed25519) and verifies with the public keys of the others, so that a stolen subgraph
 * can't speak for the gateway. `TRENZA_PRIVATE_KEY` is this service's key, `TRENZA_PUBLIC_KEYS` a JSON object `{ name: key }`;
 * keys are DER in base64 (PKCS #8 and SPKI): one line, so they fit into an environment variable and a Kubernetes Secret.
 */
export interface Keys {
  /** The name under which our public key is known. */
  name: string;
  privateKey: KeyObject;
  publicKeyOf(name: string): KeyObject;
}

export interface EncodedKeyPair {
  privateKey: string;
  publicKey: string;
}

export function generateKeyPair(): EncodedKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

export const decodePrivateKey = (base64: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
export const decodePublicKey = (base64: string): KeyObject =>
  createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });

export function createKeys(name: string, privateKey: string, publicKeys: Record<string, string>): Keys {
  const decoded = new Map(Object.entries(publicKeys).map(([owner, key]) => [owner, decodePublicKey(key)]));
  return {
    name,
    privateKey: decodePrivateKey(privateKey),
    publicKeyOf(owner) {
      const key = decoded.get(owner);
      if (!key) throw new Error(`No public key of "${owner}" is known here. Add it to TRENZA_PUBLIC_KEYS.`);
      return key;
    },
  };
}

export function keysFromEnv(name: string, env: NodeJS.ProcessEnv = process.env): Keys {
  const { TRENZA_PRIVATE_KEY: privateKey, TRENZA_PUBLIC_KEYS: publicKeys } = env;
  if (!privateKey || !publicKeys)
    throw new Error(
      'TRENZA_PRIVATE_KEY and TRENZA_PUBLIC_KEYS must be set; `npm start` makes them, in production they are Secrets.',
    );
  return createKeys(name, privateKey, JSON.parse(publicKeys) as Record<string, string>);
}
