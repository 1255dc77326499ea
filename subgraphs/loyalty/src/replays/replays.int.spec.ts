import { event, newId, type AnyEvent } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { loyalty as definition } from '../loyalty.ts';
import { describeWith, linesOf, rowsOf } from '../testing/data-sets.ts';
import { expectSound, run } from '../testing/loyalty-graph.ts';

/** The year of every household takes a minute; TRENZA_FULL_REPLAY=1 plays it, else one household in sixteen. */
const ONE_IN = process.env['TRENZA_FULL_REPLAY'] ? 1 : 16;
const BATCH = 250;
const TIMEOUT_MS = 300_000;

const loyalty = testSubgraph(definition);

/** Stable ids for the ids of the data. */
function ids(): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => known.get(key) ?? (known.set(key, newId()), known.get(key)!);
}

async function inBatches(events: AnyEvent[]): Promise<void> {
  for (let i = 0; i < events.length; i += BATCH) {
    const batch = events.slice(i, i + BATCH);
    loyalty.clock.set(batch.at(-1)!.occurredAt);
    await loyalty.receive(...batch);
  }
}

/** Every balance, through the graph. */
async function balances(profiles: readonly string[]): Promise<Map<string, number>> {
  const result = new Map<string, number>();
  for (let i = 0; i < profiles.length; i += 500) {
    const page = profiles.slice(i, i + 500);
    const { data, errors } = await loyalty.graph(
      'query ($r: [_Any!]!) { customers: _entities(representations: $r) { ... on Customer { id loyalty { balance { available } } } } }',
      { r: page.map((id) => ({ __typename: 'Customer', id })) },
    );
    expect(errors).toBeUndefined();
    for (const customer of data.customers) result.set(customer.id, customer.loyalty.balance.available);
  }
  return result;
}

const orderOf = (profileId: string, at: Date, cents: readonly number[]): AnyEvent =>
  event('inventory.order.completed.v1', {
    profileId,
    occurredAt: at,
    data: {
      orderId: newId(),
      number: 'replay',
      channel: 'store',
      total: { amount: cents.reduce((a, b) => a + b, 0), currency: 'USD' },
      netAmount: cents.reduce((a, b) => a + b, 0),
      lines: cents.map((netAmount, i) => ({ lineId: newId(), sku: `s${i}`, quantity: 1, netAmount })),
      imported: true,
    },
  });

describeWith('complete-journey')('a year of baskets and coupons of a grocer', () => {
  const COUPON_POINTS = 40;
  /** Coupons of a household on one day, as they are spent here: before the baskets of that day. */
  interface Basket {
    household: string;
    at: Date;
    cents: number[];
  }
  interface Coupon {
    household: string;
    at: Date;
  }

  it(
    'leaves every household with what an independent count says',
    async () => {
      await pauseBonuses();
      const profileOf = ids();
      const chosen = (household: string): boolean => Number(household) % ONE_IN === 0;
      const baskets = new Map<string, Basket>();
      for (const row of rowsOf('complete-journey/transactions_sample.csv.gz')) {
        const household = row['household_id']!;
        if (!chosen(household)) continue;
        const basket = baskets.get(row['basket_id']!) ?? {
          household,
          at: new Date(`${row['transaction_timestamp']}Z`),
          cents: [],
        };
        basket.cents.push(Math.round(Number(row['sales_value']) * 100));
        baskets.set(row['basket_id']!, basket);
      }
      const coupons = rowsOf('complete-journey/coupon_redemptions.csv.gz')
        .map((row): Coupon => ({
          household: row['household_id']!,
          at: new Date(`${row['redemption_date']}T00:00:00Z`),
        }))
        .filter(({ household }) => chosen(household));
      const steps: (Basket | Coupon)[] = [...baskets.values(), ...coupons].sort(
        (a, b) => a.at.getTime() - b.at.getTime(),
      );

      // The independent count: arithmetic over the files, in their order.
      const expected = new Map<string, number>();
      let waiting: AnyEvent[] = [];
      let refused = 0;
      for (const step of steps) {
        const profileId = profileOf(step.household);
        const before = expected.get(profileId) ?? 0;
        if ('cents' in step) {
          waiting.push(orderOf(profileId, step.at, step.cents));
          expected.set(profileId, before + Math.floor(step.cents.reduce((a, b) => a + b, 0) / 100));
        } else {
          await inBatches(waiting);
          waiting = [];
          loyalty.clock.set(step.at);
          const { errors } = await run(loyalty, 'redeemPoints', { profileId, points: COUPON_POINTS }, 'points');
          expect(errors.length === 0).toBe(before >= COUPON_POINTS);
          if (before >= COUPON_POINTS) expected.set(profileId, before - COUPON_POINTS);
          else refused += 1;
        }
      }
      await inBatches(waiting);
      expect(baskets.size).toBeGreaterThan(1_000);
      expect(refused).toBeLessThan(coupons.length);
      expect(await balances([...expected.keys()])).toEqual(expected);
      await expectSound(loyalty);
    },
    TIMEOUT_MS,
  );
});

const kindOf = (e: AnyEvent): string => (e.type === 'identity.event.tracked.v1' ? e.data.kind : e.type);

async function pauseBonuses(): Promise<void> {
  const { data } = await loyalty.graph('{ earningRules(status: LIVE) { id code } }');
  for (const { id, code } of data.earningRules)
    if (code.endsWith('-bonus'))
      await run(loyalty, 'changeEarningRule', { ruleId: id, status: 'PAUSED' }, 'rule { status }');
}

describeWith('loyalty')('thirty hours of offers and purchases of a coffee chain', () => {
  const VIEWS_PER_DAY = 2;
  const REWARDS = [2, 3, 5, 10];
  /** Midnight in the time zone of the programme. */
  const MIDNIGHT = Date.parse('2026-03-01T23:00:00Z');

  async function live(rule: Record<string, unknown>): Promise<void> {
    const { rule: drafted, errors } = await run(loyalty, 'draftEarningRule', { rule }, 'rule { id }');
    expect(errors).toEqual([]);
    await run(loyalty, 'changeEarningRule', { ruleId: drafted.id, status: 'LIVE' }, 'rule { id }');
  }

  it(
    'leaves everybody with what an independent count says, rewards, caps and all',
    async () => {
      await pauseBonuses();
      for (const reward of REWARDS) {
        const condition = `facts.reward == ${reward}`;
        await live({
          code: `offer-${reward}`,
          name: 'Offer',
          trigger: 'offer_completed',
          condition,
          effect: 'FIXED',
          value: reward * 10,
        });
      }
      await live({
        code: 'viewed',
        name: 'Viewed',
        trigger: 'offer_viewed',
        effect: 'FIXED',
        value: 1,
        capPerCustomer: VIEWS_PER_DAY,
        capPeriod: 'DAY',
      });

      const profileOf = ids();
      const expected = new Map<string, number>();
      const views = new Map<string, number>();
      const add = (profile: string, points: number): void =>
        void expected.set(profile, (expected.get(profile) ?? 0) + points);
      const events = linesOf('loyalty/transcript_first_30h.jsonl.gz').flatMap((line): AnyEvent[] => {
        const {
          person,
          event: what,
          value,
          time,
        } = JSON.parse(line) as { person: string; event: string; value: Record<string, number>; time: number };
        const profileId = profileOf(person);
        const occurredAt = new Date(MIDNIGHT + time * 3_600_000);
        const tracked = (kind: string, properties = {}): AnyEvent[] => [
          event('identity.event.tracked.v1', {
            profileId,
            occurredAt,
            data: { eventId: newId(), kind, channel: 'app', properties },
          }),
        ];
        if (what === 'transaction') {
          const cents = Math.round(value['amount']! * 100);
          add(profileId, Math.floor(cents / 100));
          return [orderOf(profileId, occurredAt, [cents])];
        }
        if (what === 'offer completed') {
          add(profileId, value['reward']! * 10);
          return tracked('offer_completed', { reward: value['reward'] });
        }
        if (what !== 'offer viewed') return [];
        const day = `${profileId}/${Math.floor(time / 24)}`;
        views.set(day, (views.get(day) ?? 0) + 1);
        if (views.get(day)! <= VIEWS_PER_DAY) add(profileId, 1);
        return tracked('offer_viewed');
      });
      // Within an hour the order says nothing; by kind they come in the long runs in which an import brings them.
      events.sort((a, b) => a.occurredAt.localeCompare(b.occurredAt) || kindOf(a).localeCompare(kindOf(b)));
      await inBatches(events);
      expect(events.length).toBeGreaterThan(10_000);
      expect(await balances([...expected.keys()])).toEqual(expected);
      await expectSound(loyalty);
    },
    TIMEOUT_MS,
  );
});
