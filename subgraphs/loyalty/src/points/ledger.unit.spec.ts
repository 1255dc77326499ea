import { apply, EMPTY, join, moved, NOTHING, type Entry, type Holdings, type Lot } from './entry.ts';
import { capture, earn, giveBack, release, settle, spendable, take, takeBack } from './ledger.ts';

const ANA = 'a';
const SON = 'b';
const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));

function ids(): () => string {
  let n = 0;
  return () => String(++n).padStart(6, '0');
}

const lot = (id: string, remaining: number, more: Partial<Lot> = {}): Lot => ({
  id,
  profileId: ANA,
  pending: false,
  remaining,
  unlockAt: null,
  expiresAt: null,
  orderId: null,
  ...more,
});
const holding = (...lots: Lot[]): Holdings => ({ lots, owed: new Map() });
const usesOf = (entry: Entry): Record<string, number> =>
  Object.fromEntries(entry.uses.map((use) => [use.lotId, use.amount]));

describe('earning', () => {
  it('adds a lot that can be spent at once', () => {
    const entry = earn({ profileId: ANA, points: 100, expiresAt: day(365), at: day(1) }, ids());
    expect(entry.transfers).toMatchObject([{ debit: 'programme.issued', credit: 'customer.available', amount: 100 }]);
    expect(spendable(apply(NOTHING, entry), day(2))).toBe(100);
  });

  it('keeps points pending until their day', () => {
    const pending = apply(NOTHING, earn({ profileId: ANA, points: 100, unlockAt: day(14), at: day(1) }, ids()));
    expect(spendable(pending, day(13))).toBe(0);
    expect(settle(pending, day(13), ids())).toEqual(EMPTY);
    expect(spendable(apply(pending, settle(pending, day(14), ids())), day(14))).toBe(100);
  });

  it('writes nothing for zero points', () => {
    expect(earn({ profileId: ANA, points: 0, at: day(1) }, ids())).toEqual(EMPTY);
  });
});

describe('spending', () => {
  it('takes the oldest expiry first, and what never expires last, across all her profiles', () => {
    const lots = [
      lot('never', 50),
      lot('later', 50, { expiresAt: day(90), profileId: SON }),
      lot('soon', 50, { expiresAt: day(30) }),
    ];
    const entry = take(holding(...lots), { points: 120, into: 'programme.redeemed', at: day(1) }, ids());
    expect(usesOf(entry)).toEqual({ soon: 50, later: 50, never: 20 });
    expect(entry.transfers.map(({ profileId, amount }) => [profileId, amount])).toEqual([
      [ANA, 70],
      [SON, 50],
    ]);
  });

  it('refuses more than the balance and says what can be had', () => {
    const refused = (): Entry => take(holding(lot('x', 40)), { points: 100, into: 'customer.held', at: day(1) }, ids());
    expect(refused).toThrow('The balance is 40 points, 100 were asked for. Ask for at most 40.');
  });

  it('does not count points that expired or wait, even before the clock has been run', () => {
    const lots = [lot('old', 40, { expiresAt: day(2) }), lot('waits', 40, { pending: true, unlockAt: day(9) })];
    expect(spendable(holding(...lots), day(3))).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN, 1_000_000_001])('refuses %p as a number of points', (points) => {
    expect(() => take(holding(lot('x', 40)), { points, into: 'customer.held', at: day(1) }, ids())).toThrow(
      'Points must be a whole number',
    );
  });
});

describe('a hold', () => {
  const held = [
    { lotId: 'soon', profileId: ANA, amount: 30, expiresAt: day(30) },
    { lotId: 'later', profileId: SON, amount: 20, expiresAt: day(90) },
  ];

  it('is captured in part: the rest goes back to the lots that expire last', () => {
    const entry = capture(held, 40, day(2), ids());
    expect(moved(entry, 'credit', 'programme.redeemed')).toBe(40);
    expect(usesOf(entry)).toEqual({ later: -10 });
  });

  it('refuses to capture more than it holds', () => {
    expect(() => capture(held, 51, day(2), ids())).toThrow('The hold is over 50 points, 51 were to be captured.');
  });

  it('that is released gives every lot its points and its old expiry back', () => {
    const entry = release(held, day(2), ids());
    expect(usesOf(entry)).toEqual({ soon: -30, later: -20 });
    expect(entry.newLots).toEqual([]);
  });
});

describe('expiry', () => {
  it('takes what is left of a lot, at the instant at which it ran out', () => {
    const entry = settle(holding(lot('x', 40, { expiresAt: day(5) })), day(9), ids());
    expect(entry.transfers).toMatchObject([
      { code: 'expire', debit: 'customer.available', credit: 'programme.expired', amount: 40, at: day(5) },
    ]);
    expect(usesOf(entry)).toEqual({ x: 40 });
  });

  it('unlocks first what was due to unlock before it expired', () => {
    const entry = settle(holding(lot('x', 40, { pending: true, unlockAt: day(2), expiresAt: day(5) })), day(9), ids());
    expect(entry.transfers.map(({ code, debit }) => [code, debit])).toEqual([
      ['unlock', 'customer.pending'],
      ['expire', 'customer.available'],
    ]);
  });
});

describe('a return', () => {
  const spent = [
    { lotId: 'soon', profileId: ANA, amount: 30, expiresAt: day(30) },
    { lotId: 'later', profileId: ANA, amount: 20, expiresAt: day(90) },
  ];

  it('gives spent points back to their original lots, latest expiry first', () => {
    const entry = giveBack(spent, { profileId: ANA, points: 25, graceUntil: day(60), at: day(10) }, ids());
    expect(usesOf(entry)).toEqual({ later: -20, soon: -5 });
    expect(entry.newLots).toEqual([]);
  });

  it('gives points whose lot has expired meanwhile a new life of limited length', () => {
    const entry = giveBack(spent, { profileId: ANA, points: 50, graceUntil: day(75), at: day(45) }, ids());
    expect(usesOf(entry)).toEqual({ later: -20 });
    expect(entry.newLots).toMatchObject([{ amount: 30, expiresAt: day(75) }]);
    expect(moved(entry, 'debit', 'programme.redeemed')).toBe(50);
  });

  const before = holding(
    lot('order-pending', 10, { pending: true, unlockAt: day(30), orderId: 'o1' }),
    lot('order-lot', 20, { orderId: 'o1' }),
    lot('other', 5, { expiresAt: day(20) }),
  );
  const back = (points: number, policy: 'pending-only' | 'within-balance' | 'allow-negative'): Entry =>
    takeBack(before, { profileId: ANA, orderId: 'o1', points, policy, at: day(10) }, ids());

  it('takes earned points from the lots of its own order first, pending ones before available ones', () => {
    expect(usesOf(back(32, 'within-balance'))).toEqual({ 'order-pending': 10, 'order-lot': 20, other: 2 });
  });

  it('takes only pending points where the policy says so', () => {
    expect(usesOf(back(32, 'pending-only'))).toEqual({ 'order-pending': 10 });
  });

  it('stops at zero within the balance, and writes a debt where that is allowed', () => {
    expect(moved(back(50, 'within-balance'), 'credit', 'programme.reversed')).toBe(35);
    const owing = back(50, 'allow-negative');
    expect(moved(owing, 'debit', 'customer.owed')).toBe(15);
    expect(spendable(apply(before, owing), day(10))).toBe(-15);
  });

  it('lets new points pay a debt before they can be spent', () => {
    const owing = apply(before, back(50, 'allow-negative'));
    const earned = apply(owing, earn({ profileId: ANA, points: 100, at: day(11) }, ids()));
    const paid = settle(earned, day(11), ids());
    expect(moved(paid, 'credit', 'customer.owed')).toBe(15);
    expect(apply(earned, paid).owed.get(ANA)).toBe(0);
    expect(spendable(apply(earned, paid), day(11))).toBe(85);
  });
});

describe('join', () => {
  it('puts entries together in their order', () => {
    const newId = ids();
    const [a, b] = [1, 2].map((points) => earn({ profileId: ANA, points, at: day(1) }, newId));
    expect(join(a!, b!).transfers.map((transfer) => transfer.amount)).toEqual([1, 2]);
  });
});
