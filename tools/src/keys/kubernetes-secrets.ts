import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { newKeyRing, publicKeysOf } from '../platform/keys.ts';
import { SUBGRAPHS } from '../platform/services.ts';

/**
 * Makes the Secrets of a cluster on a laptop, from inside it (k8s/components/keys). One that is there already stays as it is, so a second
 * `kubectl apply` changes no key and no password. Production takes its Secrets from a secret store instead.
 */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const CREATED = 201;
const THERE_ALREADY = 409;

export interface Secret {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: { name: string };
  type: 'Opaque';
  stringData: Record<string, string>;
}

export function secrets(): Secret[] {
  const ring = newKeyRing();
  const password = randomBytes(18).toString('hex');
  const secret = (name: string, stringData: Record<string, string>): Secret => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type: 'Opaque',
    stringData,
  });
  return [
    secret('trenza-keys', {
      ...Object.fromEntries(Object.entries(ring).map(([owner, { privateKey }]) => [owner, privateKey])),
      'public-keys': JSON.stringify(publicKeysOf(ring)),
    }),
    secret('trenza-databases', {
      password,
      ...Object.fromEntries(SUBGRAPHS.map((name) => [name, `postgres://trenza:${password}@postgres:5432/${name}`])),
    }),
  ];
}

function create(secret: Secret): Promise<number> {
  const [namespace, token] = ['namespace', 'token'].map((file) => readFileSync(`${ACCOUNT}/${file}`, 'utf8').trim());
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: process.env['KUBERNETES_SERVICE_HOST'],
        port: process.env['KUBERNETES_SERVICE_PORT'],
        path: `/api/v1/namespaces/${namespace}/secrets`,
        method: 'POST',
        ca: readFileSync(`${ACCOUNT}/ca.crt`),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode!));
      },
    );
    call.once('error', reject);
    call.end(JSON.stringify(secret));
  });
}

async function main(): Promise<void> {
  for (const secret of secrets()) {
    const status = await create(secret);
    if (status !== CREATED && status !== THERE_ALREADY)
      throw new Error(`The API server answered ${status} to the Secret ${secret.metadata.name}.`);
    console.log(`${secret.metadata.name}: ${status === CREATED ? 'made' : 'was there'}`);
  }
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 1;
  });
