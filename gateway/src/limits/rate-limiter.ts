import type { Role } from '@trenza/auth';
import { LRUCache } from 'lru-cache';

/** Clients remembered at once; the longest silent is forgotten, and starts with a full bucket when it returns. */
const REMEMBERED_CLIENTS = 50_000;

/** Operations per second that a client may go on with; it may save up as many for a burst of so many seconds. */
export type RatesPerSecond = Readonly<Partial<Record<Role | 'anonymous', number>>>;
export const BURST_SECONDS = 5;

export const DEFAULT_RATES: RatesPerSecond = {
  anonymous: 20,
  customer: 20,
  associate: 50,
  marketer: 50,
  care: 50,
  analyst: 50,
  admin: 100,
  service: 2_000,
};

export interface RateVerdict {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Seconds until the bucket is full again, or until what was refused would be allowed. */
  resetSeconds: number;
}

/** A token bucket per client. Each replica of the gateway keeps its own: a limit is a fence, not an account. */
export class RateLimiter {
  readonly #buckets = new LRUCache<string, { left: number; at: number }>({ max: REMEMBERED_CLIENTS });

  constructor(
    private readonly rates: RatesPerSecond,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Null where the role has no limit. */
  take(role: Role | 'anonymous', client: string, operations: number): RateVerdict | null {
    const rate = this.rates[role];
    if (rate === undefined) return null;
    const limit = rate * BURST_SECONDS;
    const now = this.now();
    const bucket = this.#buckets.get(client) ?? { left: limit, at: now };
    const left = Math.min(limit, bucket.left + ((now - bucket.at) / 1_000) * rate);
    const allowed = left >= operations;
    const after = allowed ? left - operations : left;
    this.#buckets.set(client, { left: after, at: now });
    const missing = allowed ? limit - after : operations - after;
    return { allowed, limit, remaining: Math.floor(after), resetSeconds: Math.ceil(missing / rate) };
  }
}
