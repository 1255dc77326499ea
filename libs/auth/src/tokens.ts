import { createRemoteJWKSet, jwtVerify, SignJWT, type JWTVerifyGetKey, type KeyObject } from 'jose';
import { LRUCache } from 'lru-cache';
import { callerOf, claimsOf, InvalidToken, type Caller, type Claims } from './caller.ts';
import type { Keys } from './keys.ts';

/** Pinned: a token must not choose how it is checked. Ed25519 is the local key, RS256 and ES256 are what identity providers sign with. */
const LOCAL_ALGORITHM = 'EdDSA';
const REMOTE_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
/** Clocks of two machines may differ by this much. */
const CLOCK_TOLERANCE_S = 5;

export const LOCAL_ISSUER = 'trenza-local';
export const LOCAL_AUDIENCE = 'trenza';
/** The key that signs tokens on a laptop; in production an identity provider does. */
export const LOCAL_SIGNER = 'sign-in';

/** Signs a token as an identity provider would: for development and tests. */
export function signLocalToken(keys: Keys, claims: Claims, expiresIn: string | number = '12h'): Promise<string> {
  const { sub, ...rest } = claims;
  return new SignJWT(rest)
    .setProtectedHeader({ alg: LOCAL_ALGORITHM })
    .setSubject(sub)
    .setIssuer(LOCAL_ISSUER)
    .setAudience(LOCAL_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(keys.privateKey);
}

export interface EdgeSettings {
  /** Where the identity provider shows its keys; without it only local tokens are accepted. */
  jwksUrl?: string;
  issuer?: string;
  audience?: string;
}

/** Checks the tokens of clients: signature, algorithm, issuer, audience, expiry. Throws `InvalidToken`. */
export function createEdgeVerifier(
  keys: Pick<Keys, 'publicKeyOf'>,
  settings: EdgeSettings = {},
): (token: string) => Promise<Caller & { expiresAt: number }> {
  const local = !settings.jwksUrl;
  const key: KeyObject | JWTVerifyGetKey = local
    ? keys.publicKeyOf(LOCAL_SIGNER)
    : createRemoteJWKSet(new URL(settings.jwksUrl!));
  const options = {
    algorithms: local ? [LOCAL_ALGORITHM] : REMOTE_ALGORITHMS,
    issuer: settings.issuer ?? LOCAL_ISSUER,
    audience: settings.audience ?? LOCAL_AUDIENCE,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['sub', 'exp'],
  };
  return async (token) => {
    const payload = await verify(token, key, options);
    return { ...callerOf(payload as unknown as Claims), expiresAt: payload.exp! };
  };
}

/** Long enough for any request, short enough that a leaked one is worth little. */
const INTERNAL_LIFETIME_S = 60;
/** A signed token is handed out again during this time, so that signing costs one caller one signature a while. */
const INTERNAL_REUSE_MS = 30_000;
/** Callers active within half a minute; beyond that a token is simply signed again. */
const CACHED_TOKENS = 10_000;

const GATEWAY = 'gateway';
const INTERNAL_AUDIENCE = 'trenza-subgraph';

interface SignedToken {
  text: Promise<string>;
  /** Until when it is handed out. */
  until: number;
}

/** The gateway passes on who asks in a short-lived token of its own; subgraphs answer to nothing else. */
export function createInternalSigner(keys: Keys): (caller: Caller) => Promise<string> {
  const cache = new LRUCache<string, SignedToken>({ max: CACHED_TOKENS, ttl: INTERNAL_REUSE_MS });
  // One request asks once per fetch, always for the same object: that is answered without spelling out who it is.
  const known = new WeakMap<Caller, SignedToken>();
  return (caller) => {
    const recent = known.get(caller);
    if (recent && Date.now() < recent.until) return recent.text;
    const claims = claimsOf(caller);
    const cacheKey = JSON.stringify(claims);
    let token = cache.get(cacheKey);
    if (!token) {
      token = { text: sign(claims), until: Date.now() + INTERNAL_REUSE_MS };
      cache.set(cacheKey, token);
    }
    known.set(caller, token);
    return token.text;
  };

  function sign({ sub, ...rest }: Claims): Promise<string> {
    return new SignJWT(rest)
      .setProtectedHeader({ alg: LOCAL_ALGORITHM })
      .setSubject(sub)
      .setIssuer(GATEWAY)
      .setAudience(INTERNAL_AUDIENCE)
      .setExpirationTime(`${INTERNAL_LIFETIME_S}s`)
      .sign(keys.privateKey);
  }
}

/** Verifies the gateway's token; the same token is verified once. */
export function createInternalVerifier(keys: Pick<Keys, 'publicKeyOf'>): (token: string) => Promise<Caller> {
  const cache = new LRUCache<string, Caller>({ max: CACHED_TOKENS });
  const options = {
    algorithms: [LOCAL_ALGORITHM],
    issuer: GATEWAY,
    audience: INTERNAL_AUDIENCE,
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  return async (token) => {
    const cached = cache.get(token);
    if (cached) return cached;
    const payload = await verify(token, keys.publicKeyOf(GATEWAY), options);
    const claims = payload as unknown as Claims;
    const caller: Caller =
      claims.role === 'anonymous' ? { role: 'anonymous', subject: claims.sub, stores: [] } : callerOf(claims);
    cache.set(token, caller, { ttl: Math.max(1, payload.exp! * 1_000 - Date.now()) });
    return caller;
  };
}

/**
 * Value crosses subgraphs as a promise signed by the one who keeps it (a hold of points, a voucher): whoever knows the public key can
 * check it without asking. `kind` is the audience, so that a hold can't be passed off as a voucher.
 */
export function signPromise(
  keys: Keys,
  kind: string,
  content: Record<string, unknown>,
  expiresAt: Date,
): Promise<string> {
  return new SignJWT({ promise: content })
    .setProtectedHeader({ alg: LOCAL_ALGORITHM })
    .setIssuer(keys.name)
    .setAudience(kind)
    .setExpirationTime(Math.floor(expiresAt.getTime() / 1_000))
    .sign(keys.privateKey);
}

/** The content of a promise made by `issuer`; throws `InvalidToken` if it is forged, of another kind, or run out at `now`. */
export async function verifyPromise<Content>(
  keys: Pick<Keys, 'publicKeyOf'>,
  issuer: string,
  kind: string,
  token: string,
  now: Date,
): Promise<Content> {
  const payload = await verify(token, keys.publicKeyOf(issuer), {
    algorithms: [LOCAL_ALGORITHM],
    issuer,
    audience: kind,
    currentDate: now,
    requiredClaims: ['exp'],
  });
  return payload['promise'] as Content;
}

type Verified = { exp?: number } & Record<string, unknown>;

async function verify(token: string, key: KeyObject | JWTVerifyGetKey, options: object): Promise<Verified> {
  try {
    return (await jwtVerify(token, key as JWTVerifyGetKey, options)).payload;
  } catch (error) {
    throw new InvalidToken(`The token is not accepted: ${(error as Error).message}.`);
  }
}
