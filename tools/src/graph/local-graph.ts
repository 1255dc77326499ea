import { type Claims, createKeys, LOCAL_SIGNER, signLocalToken } from '@trenza/auth';
import { type DataDir, dataDirFrom, makeFolders, readRun } from '../platform/data-dir.ts';
import { keyRingOf, publicKeysOf } from '../platform/keys.ts';
import { DEFAULT_PORT, HOST } from '../platform/services.ts';

/** Where the platform of this folder answers, or would answer if it were started. */
export const localGraphUrl = (dir: DataDir = dataDirFrom()): string =>
  readRun(dir)?.graph ?? `http://${HOST}:${DEFAULT_PORT}/graphql`;

/** A token for the platform of this folder, signed with its own key as an identity provider would. */
export function localToken(claims: Claims, dir: DataDir = dataDirFrom(), expiresIn?: string): Promise<string> {
  makeFolders(dir);
  const ring = keyRingOf(dir);
  const signer = ring[LOCAL_SIGNER];
  if (!signer)
    throw new Error(`${dir.keys} holds no key for signing in. Remove the folder; it is made anew at the next start.`);
  return signLocalToken(createKeys(LOCAL_SIGNER, signer.privateKey, publicKeysOf(ring)), claims, expiresIn);
}
