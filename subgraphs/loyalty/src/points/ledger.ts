import { DomainError } from '@trenza/values';
import {
  apply,
  byProfile,
  deposit,
  EMPTY,
  join,
  portionOf,
  split,
  sum,
  withdraw,
  type AccountKind,
  type Entry,
  type Holdings,
  type Ids,
  type Lot,
  type Portion,
  type Transfer,
  type TransferCode,
} from './entry.ts';

/**
 * The ledger. Value moves between accounts by transfers, each of which debits one account and credits another by the same amount, so all
 * accounts together are always zero. A customer's points lie in lots; what a transfer takes out of a lot or puts back is recorded with it,
 * so the lots of a profile always equal its accounts. Nothing here is ever changed or deleted, only added.
 *
 * Everything below is pure: holdings and command in, an entry out; time and ids are arguments.
 */
/** No programme gives a billion points at once; a number beyond it is an error in units, and sums stay far below 2^53. */
export const MAX_POINTS = 1_000_000_000;

export function assertPoints(points: number, field = 'points'): void {
  if (Number.isInteger(points) && points >= 1 && points <= MAX_POINTS) return;
  throw new DomainError('INVALID_POINTS', `Points must be a whole number from 1 to ${MAX_POINTS}, not ${points}.`, [
    'input',
    field,
  ]);
}

const isPast = (instant: Date | null, at: Date): boolean => instant !== null && instant <= at;
const isSpendable = (lot: Lot, at: Date): boolean => !lot.pending && lot.remaining > 0 && !isPast(lot.expiresAt, at);

/** Oldest expiry first; what never expires goes last; equal ones by age, because ids are UUIDv7. */
export const byExpiry = (a: Lot, b: Lot): number =>
  (a.expiresAt?.getTime() ?? Infinity) - (b.expiresAt?.getTime() ?? Infinity) || (a.id < b.id ? -1 : 1);

/** What she can spend now. Negative while she owes more than she has. */
export const spendable = ({ lots, owed }: Holdings, at: Date): number =>
  sum(lots.filter((lot) => isSpendable(lot, at)).map((lot) => lot.remaining)) - sum(owed.values());

/** Points come in: spendable at once, or pending until `unlockAt`. */
export function earn(
  command: {
    profileId: string;
    points: number;
    unlockAt?: Date | null;
    expiresAt?: Date | null;
    orderId?: string | null;
    from?: AccountKind;
    code?: TransferCode;
    at: Date;
  },
  newId: Ids,
): Entry {
  const { profileId, points, unlockAt = null, expiresAt = null, orderId = null, at } = command;
  if (points === 0) return EMPTY;
  const pending = unlockAt !== null && unlockAt > at;
  const transfer: Transfer = {
    id: newId(),
    profileId,
    code: command.code ?? 'earn',
    debit: command.from ?? 'programme.issued',
    credit: pending ? 'customer.pending' : 'customer.available',
    amount: points,
    at,
  };
  const lot = { id: newId(), profileId, pending, remaining: points, unlockAt, expiresAt, orderId };
  return { ...EMPTY, transfers: [transfer], newLots: [{ ...lot, transferId: transfer.id, amount: points }] };
}

/** What time has done: pending lots whose day has come unlock, lots whose day has passed expire, new points pay what is owed. */
export function settle(holdings: Holdings, at: Date, newId: Ids): Entry {
  const entry: Entry = { transfers: [], newLots: [], uses: [], unlocked: [] };
  const add = (lot: Lot, code: TransferCode, debit: AccountKind, credit: AccountKind, when: Date): string => {
    const id = newId();
    entry.transfers.push({ id, profileId: lot.profileId, code, debit, credit, amount: lot.remaining, at: when });
    return id;
  };
  for (const lot of holdings.lots) {
    if (lot.remaining === 0) continue;
    const unlocks = lot.pending && isPast(lot.unlockAt, at);
    if (unlocks) {
      add(lot, 'unlock', 'customer.pending', 'customer.available', lot.unlockAt!);
      entry.unlocked.push(lot.id);
    }
    if (isPast(lot.expiresAt, at)) {
      const from = lot.pending && !unlocks ? 'customer.pending' : 'customer.available';
      const transferId = add(lot, 'expire', from, 'programme.expired', lot.expiresAt!);
      entry.uses.push({ transferId, lotId: lot.id, amount: lot.remaining });
    }
  }
  return join(entry, payDebts(apply(holdings, entry), at, newId));
}

/** Everything she holds ends now, as if it had expired: the account is closed. */
export const forfeit = ({ lots, owed }: Holdings, at: Date, newId: Ids): Entry =>
  settle({ lots: lots.map((lot) => ({ ...lot, expiresAt: at })), owed }, at, newId);

function payDebts({ lots, owed }: Holdings, at: Date, newId: Ids): Entry {
  const entries = [...owed].map(([profileId, debt]) => {
    const own = lots.filter((lot) => lot.profileId === profileId && isSpendable(lot, at)).sort(byExpiry);
    const portions = split(own.map(portionOf), debt)[0];
    return withdraw(portions, 'settle-debt', 'customer.available', 'customer.owed', at, newId);
  });
  return join(...entries);
}

/** Takes points for spending, oldest expiry first, across all her profiles: into a hold, or straight out. */
export function take(
  holdings: Holdings,
  command: { points: number; into: 'customer.held' | 'programme.redeemed' | 'programme.reversed'; at: Date },
  newId: Ids,
): Entry {
  const { points, into, at } = command;
  assertPoints(points);
  const balance = spendable(holdings, at);
  if (points > balance) throw insufficient(points, balance);
  const lots = holdings.lots.filter((lot) => isSpendable(lot, at)).sort(byExpiry);
  const code = ({ 'customer.held': 'hold', 'programme.redeemed': 'redeem', 'programme.reversed': 'adjust' } as const)[
    into
  ];
  return withdraw(split(lots.map(portionOf), points)[0], code, 'customer.available', into, at, newId);
}

const insufficient = (points: number, balance: number): DomainError =>
  new DomainError(
    'INSUFFICIENT_POINTS',
    `The balance is ${balance} points, ${points} were asked for. ` +
      (balance > 0 ? `Ask for at most ${balance}.` : 'Nothing can be spent now.'),
    ['input', 'points'],
  );

/** Held points are spent: `points` of them, the rest goes back to its lots. */
export function capture(held: readonly Portion[], points: number, at: Date, newId: Ids): Entry {
  const total = sum(held.map((portion) => portion.amount));
  if (points > total) {
    throw new DomainError('HOLD_EXCEEDED', `The hold is over ${total} points, ${points} were to be captured.`, [
      'input',
      'points',
    ]);
  }
  const [spent, rest] = split(held, points);
  const transfers = byProfile(spent).map(([profileId, portions]) => ({
    id: newId(),
    profileId,
    code: 'capture' as const,
    debit: 'customer.held' as const,
    credit: 'programme.redeemed' as const,
    amount: sum(portions.map((portion) => portion.amount)),
    at,
  }));
  return join({ ...EMPTY, transfers }, release(rest, at, newId));
}

/** Held points go back to the lots they came from, with their old expiry. */
export const release = (held: readonly Portion[], at: Date, newId: Ids): Entry =>
  deposit(held, 'release', 'customer.held', at, newId);

/**
 * Spent points come back after a return: to their original lots and expiry, latest expiry first. Where a lot has expired meanwhile, or the
 * points had been owed, they come as a new lot that lives until `graceUntil`: she could not have lost them had she not bought.
 */
export function giveBack(
  spent: readonly Portion[],
  command: { profileId: string; points: number; graceUntil: Date; at: Date },
  newId: Ids,
): Entry {
  const { profileId, points, graceUntil, at } = command;
  const [back, , owed] = split(spent.toReversed(), points);
  const alive = back.filter((portion) => !isPast(portion.expiresAt, at));
  const expired = back.filter((portion) => isPast(portion.expiresAt, at));
  const from = 'programme.redeemed';
  const renew = (owner: string, amount: number): Entry =>
    earn({ profileId: owner, points: amount, expiresAt: graceUntil, from, code: 'give-back', at }, newId);
  const renewed = byProfile(expired).map(([owner, portions]) => renew(owner, sum(portions.map((p) => p.amount))));
  return join(deposit(alive, 'give-back', from, at, newId), ...renewed, renew(profileId, owed));
}

/**
 * What was promised must be honoured even where the hold is gone by the time the order arrives: what she has is taken, oldest expiry
 * first, and the rest she owes.
 */
export function takeOrOwe(
  holdings: Holdings,
  command: { profileId: string; points: number; at: Date },
  newId: Ids,
): Entry {
  const { profileId, points, at } = command;
  assertPoints(points);
  const lots = holdings.lots.filter((lot) => isSpendable(lot, at)).sort(byExpiry);
  const [portions, , short] = split(lots.map(portionOf), points);
  const to = 'programme.redeemed';
  const taken = withdraw(portions, 'redeem', 'customer.available', to, at, newId);
  if (short === 0) return taken;
  const debt: Transfer = {
    id: newId(),
    profileId,
    code: 'redeem',
    debit: 'customer.owed',
    credit: to,
    amount: short,
    at,
  };
  return join(taken, { ...EMPTY, transfers: [debt] });
}

/** How far earned points are taken back when goods are returned and the points are already spent. */
export type ClawBackPolicy =
  /** Only what is still pending from that order. */
  | 'pending-only'
  /** Whatever she has, never below zero: the retailer bears the rest. */
  | 'within-balance'
  /** All of it: what she does not have she owes. */
  | 'allow-negative';

/** Earned points are taken back: from the lots of that order first, then by the policy. */
export function takeBack(
  holdings: Holdings,
  command: { profileId: string; orderId: string | null; points: number; policy: ClawBackPolicy; at: Date },
  newId: Ids,
): Entry {
  const { profileId, orderId, points, policy, at } = command;
  const to = 'programme.reversed';
  const ofOrder = (lot: Lot): boolean => orderId !== null && lot.orderId === orderId && lot.profileId === profileId;
  const pending = holdings.lots.filter((lot) => lot.pending && ofOrder(lot));
  const [fromPending, , afterPending] = split(pending.map(portionOf), points);
  const entries = [withdraw(fromPending, 'claw-back', 'customer.pending', to, at, newId)];
  if (policy !== 'pending-only') {
    const rank = (lot: Lot): number => (ofOrder(lot) ? 0 : lot.profileId === profileId ? 1 : 2);
    const lots = holdings.lots
      .filter((lot) => isSpendable(lot, at))
      .sort((a, b) => rank(a) - rank(b) || byExpiry(a, b));
    const [fromLots, , short] = split(lots.map(portionOf), afterPending);
    entries.push(withdraw(fromLots, 'claw-back', 'customer.available', to, at, newId));
    if (policy === 'allow-negative' && short > 0) {
      entries.push({
        ...EMPTY,
        transfers: [
          { id: newId(), profileId, code: 'claw-back', debit: 'customer.owed', credit: to, amount: short, at },
        ],
      });
    }
  }
  return join(...entries);
}
