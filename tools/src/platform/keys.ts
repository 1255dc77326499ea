import { generateKeyPair, LOCAL_SIGNER, type EncodedKeyPair } from '@trenza/auth';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataDir, writePrivately } from './data-dir.ts';
import { SUBGRAPHS } from './services.ts';

/** Each service signs with its own key; `sign-in` stands for the identity provider on a laptop. */
export const KEY_OWNERS = [...SUBGRAPHS, 'gateway', LOCAL_SIGNER] as const;
export type KeyRing = Record<string, EncodedKeyPair>;

/** No service: the secret under which identity keeps the traces of erased identifiers. It must never change, so it is not identity's signing key. */
const TOMBSTONES = 'tombstones';
const KEPT = [...KEY_OWNERS, TOMBSTONES];

/** New keys for all of them. */
export const newKeyRing = (): KeyRing => Object.fromEntries(KEPT.map((owner) => [owner, generateKeyPair()]));

/** The keys of this data folder; those that are missing are made. */
export function keyRingOf(dir: DataDir): KeyRing {
  return Object.fromEntries(KEPT.map((owner) => [owner, pairOf(dir, owner)]));
}

function pairOf(dir: DataDir, owner: string): EncodedKeyPair {
  const file = join(dir.keys, `${owner}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as EncodedKeyPair;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`The key in ${file} can't be read: ${(error as Error).message}`, { cause: error });
    const made = generateKeyPair();
    writePrivately(file, JSON.stringify(made));
    return made;
  }
}

export const publicKeysOf = (ring: KeyRing): Record<string, string> =>
  Object.fromEntries(KEY_OWNERS.map((owner) => [owner, ring[owner]!.publicKey]));

/** What a service needs in its environment to sign and to verify. */
export const keyEnvironment = (ring: KeyRing, name: string): NodeJS.ProcessEnv => ({
  TRENZA_PRIVATE_KEY: ring[name]!.privateKey,
  TRENZA_PUBLIC_KEYS: JSON.stringify(publicKeysOf(ring)),
  ...(name === 'identity' && { TRENZA_TOMBSTONE_KEY: ring[TOMBSTONES]!.privateKey }),
});
