import { createHash } from 'node:crypto';
import {
  ANONYMOUS,
  createEdgeVerifier,
  createInternalSigner,
  InvalidToken,
  type Caller,
  type EdgeSettings,
  type Keys,
} from '@trenza/auth';
import { LRUCache } from 'lru-cache';
import { Refusal } from './errors/refusal.ts';

/** A checked signature is remembered, because clients send the same token with every request; so many tokens at once. */
const REMEMBERED_TOKENS = 20_000;
/** So long at most: a key withdrawn by the identity provider stops working within this time. */
const REMEMBERED_MS = 60_000;

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

export interface SignedIn {
  caller: Caller;
  expiresAt?: number;
  internalToken(): Promise<string>;
}

/** Who is behind an `Authorization` header. No header: anonymous. A header that does not hold: 401. */
export function createSignIn(keys: Keys, settings: EdgeSettings) {
  const verify = createEdgeVerifier(keys, settings);
  const sign = createInternalSigner(keys);
  const verified = new LRUCache<string, Caller & { expiresAt: number }>({ max: REMEMBERED_TOKENS, ttl: REMEMBERED_MS });
  const anonymous: SignedIn = { caller: ANONYMOUS, internalToken: () => sign(ANONYMOUS) };

  return async (authorization: string | undefined): Promise<SignedIn> => {
    if (authorization === undefined || authorization === '') return anonymous;
    const token = BEARER.exec(authorization)?.[1];
    if (!token) throw unauthenticated('The Authorization header is not "Bearer <token>".');
    const caller = await remember(token);
    return { caller, expiresAt: caller.expiresAt, internalToken: () => sign(caller) };
  };

  async function remember(token: string): Promise<Caller & { expiresAt: number }> {
    const key = createHash('sha256').update(token).digest('base64');
    const known = verified.get(key);
    if (known && known.expiresAt * 1_000 > Date.now()) return known;
    try {
      const caller = await verify(token);
      verified.set(key, caller);
      return caller;
    } catch (error) {
      if (error instanceof InvalidToken) throw unauthenticated('The token is not valid or has expired. Sign in again.');
      throw error;
    }
  }
}

const unauthenticated = (message: string): Refusal => new Refusal('UNAUTHENTICATED', message, 401);
