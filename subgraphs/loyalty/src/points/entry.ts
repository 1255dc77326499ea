/** The vocabulary of the ledger: accounts, transfers, lots, and the entry that one command writes. */
export type AccountKind =
  /** Hers to spend. */
  | 'customer.available'
  /** Hers, but not yet: the return window is open, a review awaits approval. */
  | 'customer.pending'
  /** Set aside for an order that is being paid. */
  | 'customer.held'
  /** What she owes after returning goods whose points she had spent: zero or negative. Future points pay it first. */
  | 'customer.owed'
  | 'programme.issued'
  | 'programme.redeemed'
  | 'programme.expired'
  | 'programme.reversed'
  /** What a store may still give away. */
  | 'store.budget'
  /** What a store has promised: approved rewards and rules. */
  | 'store.reserved';

export type TransferCode =
  | 'earn'
  | 'unlock'
  | 'expire'
  | 'hold'
  | 'release'
  | 'capture'
  | 'redeem'
  | 'claw-back'
  | 'give-back'
  | 'settle-debt'
  | 'adjust'
  | 'allocate'
  | 'reserve'
  | 'unreserve';

export interface Transfer {
  id: string;
  /** Whose movement it is; null where only stores and the programme are concerned. */
  profileId: string | null;
  code: TransferCode;
  debit: AccountKind;
  credit: AccountKind;
  amount: number;
  /** When it took effect in the world; it may be recorded later. */
  at: Date;
}

export interface Lot {
  id: string;
  profileId: string;
  pending: boolean;
  remaining: number;
  unlockAt: Date | null;
  expiresAt: Date | null;
  orderId: string | null;
}

export interface NewLot extends Lot {
  /** The transfer that brought it. */
  transferId: string;
  amount: number;
}

/** What a transfer took out of a lot; negative where it put back. */
export interface LotUse {
  transferId: string;
  lotId: string;
  amount: number;
}

/** Points that were taken out of one lot, by a hold or a redemption, and may go back there. */
export interface Portion {
  lotId: string;
  profileId: string;
  amount: number;
  expiresAt: Date | null;
}

/** All that one command writes. */
export interface Entry {
  transfers: Transfer[];
  newLots: NewLot[];
  uses: LotUse[];
  /** Lots that turned from pending to available. */
  unlocked: string[];
}

/** What the profiles of one customer hold in one currency. */
export interface Holdings {
  lots: readonly Lot[];
  /** By profile, positive. */
  owed: ReadonlyMap<string, number>;
}

export type Ids = () => string;

export const EMPTY: Entry = { transfers: [], newLots: [], uses: [], unlocked: [] };
export const NOTHING: Holdings = { lots: [], owed: new Map() };

/** The holdings after an entry. */
export function apply(holdings: Holdings, entry: Entry): Holdings {
  const used = new Map<string, number>();
  for (const { lotId, amount } of entry.uses) used.set(lotId, (used.get(lotId) ?? 0) + amount);
  const unlocked = new Set(entry.unlocked);
  const lots = [...holdings.lots, ...entry.newLots].map((lot) => ({
    ...lot,
    pending: lot.pending && !unlocked.has(lot.id),
    remaining: lot.remaining - (used.get(lot.id) ?? 0),
  }));
  const owed = new Map(holdings.owed);
  for (const { profileId, debit, credit, amount } of entry.transfers) {
    if (profileId === null) continue;
    if (debit === 'customer.owed') owed.set(profileId, (owed.get(profileId) ?? 0) + amount);
    if (credit === 'customer.owed') owed.set(profileId, (owed.get(profileId) ?? 0) - amount);
  }
  return { lots, owed };
}

export const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);

export const join = (...entries: readonly Entry[]): Entry => ({
  transfers: entries.flatMap((entry) => entry.transfers),
  newLots: entries.flatMap((entry) => entry.newLots),
  uses: entries.flatMap((entry) => entry.uses),
  unlocked: entries.flatMap((entry) => entry.unlocked),
});

/** How many points an entry moved into or out of an account. */
export const moved = (entry: Entry, side: 'debit' | 'credit', kind: AccountKind): number =>
  sum(entry.transfers.filter((transfer) => transfer[side] === kind).map((transfer) => transfer.amount));

export const portionOf = ({ id, profileId, remaining, expiresAt }: Lot): Portion => ({
  lotId: id,
  profileId,
  amount: remaining,
  expiresAt,
});

/** The first `points` of the portions, the rest of them, and how many were missing. */
export function split(portions: readonly Portion[], points: number): [Portion[], Portion[], number] {
  const first: Portion[] = [];
  const rest: Portion[] = [];
  let missing = points;
  for (const portion of portions) {
    const amount = Math.min(portion.amount, missing);
    missing -= amount;
    if (amount > 0) first.push({ ...portion, amount });
    if (portion.amount > amount) rest.push({ ...portion, amount: portion.amount - amount });
  }
  return [first, rest, missing];
}

export const byProfile = (portions: readonly Portion[]): [string, Portion[]][] => [
  ...Map.groupBy(portions, (portion) => portion.profileId),
];

/** Portions leave their lots: one transfer per profile. */
export function withdraw(
  portions: readonly Portion[],
  code: TransferCode,
  debit: AccountKind,
  credit: AccountKind,
  at: Date,
  newId: Ids,
): Entry {
  return join(
    ...byProfile(portions).map(([profileId, own]) => {
      const id = newId();
      const amount = sum(own.map((portion) => portion.amount));
      const uses = own.map((portion) => ({ transferId: id, lotId: portion.lotId, amount: portion.amount }));
      return { ...EMPTY, transfers: [{ id, profileId, code, debit, credit, amount, at }], uses };
    }),
  );
}

/** Portions return to their lots: a withdrawal in reverse. */
export function deposit(
  portions: readonly Portion[],
  code: TransferCode,
  debit: AccountKind,
  at: Date,
  newId: Ids,
): Entry {
  const entry = withdraw(portions, code, debit, 'customer.available', at, newId);
  return { ...entry, uses: entry.uses.map((use) => ({ ...use, amount: -use.amount })) };
}
