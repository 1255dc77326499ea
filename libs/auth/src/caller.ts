export const ROLES = ['customer', 'associate', 'marketer', 'care', 'analyst', 'admin', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. `anonymous` has no token and sees only what is marked for anyone. */
export interface Caller {
  role: Role | 'anonymous';
  /** The account behind the token: a user name, a device, a service key's id. Never an e-mail address. */
  subject: string;
  /** Role customer: any id the customer ever had. It is also the profile under which what she does now is stored. */
  profileId?: string;
  /** Role associate: the stores she works in. */
  stores: readonly string[];
  /** Role service: the channel it speaks for. */
  channel?: string;
}

export const ANONYMOUS: Caller = { role: 'anonymous', subject: 'anonymous', stores: [] };

/** Claims of a token, edge or internal. */
export interface Claims {
  sub: string;
  role: string;
  customerId?: string;
  stores?: string[];
  channel?: string;
}

export class InvalidToken extends Error {}

const isRole = (role: unknown): role is Role => ROLES.includes(role as Role);

export function callerOf(claims: Claims): Caller {
  if (!isRole(claims.role)) throw new InvalidToken(`The token's role "${claims.role}" is none of ${ROLES.join(', ')}.`);
  if (claims.role === 'customer' && !claims.customerId)
    throw new InvalidToken('A customer token needs the claim customerId.');
  return {
    role: claims.role,
    subject: claims.sub,
    ...(claims.role === 'customer' && { profileId: claims.customerId }),
    stores: claims.stores ?? [],
    ...(claims.channel && { channel: claims.channel }),
  };
}

export const claimsOf = (caller: Caller): Claims => ({
  sub: caller.subject,
  role: caller.role,
  ...(caller.profileId && { customerId: caller.profileId }),
  ...(caller.stores.length > 0 && { stores: [...caller.stores] }),
  ...(caller.channel && { channel: caller.channel }),
});
