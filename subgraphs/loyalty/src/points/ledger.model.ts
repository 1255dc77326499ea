import { apply, byProfile, sum, type Entry, type Holdings, type Ids, type Lot, type Portion } from './entry.ts';

/** A whole ledger in memory, for property tests: what the pure functions decide is kept here, and checked after every step. */
export interface Book {
  lots: readonly Lot[];
  owed: ReadonlyMap<string, number>;
  /** Balance by `profile/account`; the programme's accounts have no profile. */
  accounts: ReadonlyMap<string, number>;
  holds: ReadonlyMap<string, readonly Portion[]>;
  /** What redemptions took from which lots, and what of it has not come back. */
  spent: readonly Portion[];
}

export const emptyBook = (): Book => ({
  lots: [],
  owed: new Map(),
  accounts: new Map(),
  holds: new Map(),
  spent: [],
});

export const holdingsOf = (book: Book, profiles: readonly string[]): Holdings => ({
  lots: book.lots.filter((lot) => profiles.includes(lot.profileId)),
  owed: new Map([...book.owed].filter(([profile]) => profiles.includes(profile))),
});

export function record(book: Book, entry: Entry): Book {
  const accounts = new Map(book.accounts);
  const add = (account: string, amount: number): void =>
    void accounts.set(account, (accounts.get(account) ?? 0) + amount);
  const keyOf = (profileId: string | null, kind: string): string =>
    kind.startsWith('customer.') ? `${profileId}/${kind}` : kind;
  for (const { profileId, debit, credit, amount } of entry.transfers) {
    add(keyOf(profileId, debit), -amount);
    add(keyOf(profileId, credit), amount);
  }
  return { ...book, ...apply(book, entry), accounts };
}

/** Every sentence that a ledger must make true at any instant; the ones that are broken. */
export function brokenInvariants(book: Book): string[] {
  const broken: string[] = [];
  const expect = (what: string, is: number, should: number): void => {
    if (is !== should) broken.push(`${what} is ${is} and should be ${should}`);
  };
  expect('the sum of all accounts', sum(book.accounts.values()), 0);
  const held = new Map(byProfile([...book.holds.values()].flat()));
  const profiles = new Set(book.lots.map((lot) => lot.profileId).concat([...book.owed.keys()]));
  for (const profile of profiles) {
    const balance = (kind: string): number => book.accounts.get(`${profile}/customer.${kind}`) ?? 0;
    const own = book.lots.filter((lot) => lot.profileId === profile);
    const inLots = (pending: boolean): number => sum(own.filter((l) => l.pending === pending).map((l) => l.remaining));
    expect(`available of ${profile}`, balance('available'), inLots(false));
    expect(`pending of ${profile}`, balance('pending'), inLots(true));
    expect(`held of ${profile}`, balance('held'), sum((held.get(profile) ?? []).map((portion) => portion.amount)));
    expect(`owed of ${profile}`, balance('owed'), -(book.owed.get(profile) ?? 0));
  }
  for (const lot of book.lots) if (lot.remaining < 0) broken.push(`lot ${lot.id} holds ${lot.remaining}`);
  for (const [profile, debt] of book.owed) if (debt < 0) broken.push(`${profile} owes ${debt}`);
  return broken;
}

export function sequence(): Ids {
  let n = 0;
  return () => String(++n).padStart(8, '0');
}
