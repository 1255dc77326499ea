export { ANONYMOUS, callerOf, claimsOf, InvalidToken, ROLES, type Caller, type Claims, type Role } from './caller.ts';
export { createKeys, generateKeyPair, keysFromEnv, type EncodedKeyPair, type Keys } from './keys.ts';
export {
  createEdgeVerifier,
  createInternalSigner,
  createInternalVerifier,
  LOCAL_AUDIENCE,
  LOCAL_ISSUER,
  LOCAL_SIGNER,
  signLocalToken,
  signPromise,
  verifyPromise,
  type EdgeSettings,
} from './tokens.ts';
export { ACCESS, Allow, type Access, type AccessRule } from './allow.ts';
