import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import { DomainError } from '@trenza/values';

export interface Outcome {
  decisionId: string;
  taken: boolean;
  value: number;
  source: string;
}

/** Silence and care are not suggestions that somebody takes up: they are not learned from. */
const LEARNED = `d.arm not in ('silence', 'recover')`;

/** The outcome of a decision counts once, in each of its cells, whoever tells it first. */
const RECORD = `
  with told as (
    insert into decision_outcome (decision_id, taken, value, source, at)
    select decision_id, taken, value, source, $5::timestamptz
      from unnest($1::uuid[], $2::boolean[], $3::bigint[], $4::text[]) as said (decision_id, taken, value, source)
    on conflict (decision_id) do nothing
    returning decision_id, taken),
  counted as (
    select cell.key, count(*) as shown, count(*) filter (where told.taken) as taken
      from told join decision d on d.id = told.decision_id
      cross join lateral (values (d.arm), (d.arm || '|' || d.channel), (d.arm || '|' || d.channel || '|' || d.stage)) as cell (key)
     where ${LEARNED}
     group by 1 order by 1),
  learned as (
    insert into bandit_cell as known (key, shown, taken) select * from counted
    on conflict (key) do update set shown = known.shown + excluded.shown, taken = known.taken + excluded.taken)
  select decision_id from told`;

/** Returns how many of them were new. */
export async function recordOutcomes(tx: Tx, outcomes: readonly Outcome[], now: Date): Promise<number> {
  if (outcomes.length === 0) return 0;
  const told = await sql(tx, {
    name: 'decision-outcomes',
    text: RECORD,
    values: [
      outcomes.map((o) => o.decisionId),
      outcomes.map((o) => o.taken),
      outcomes.map((o) => o.value),
      outcomes.map((o) => o.source),
      now,
    ],
  });
  return told.length;
}

export async function recordOutcome(tx: Tx, outcome: Outcome, now: Date): Promise<void> {
  const [decision] = await sql(tx, 'select 1 from decision where id = $1', [outcome.decisionId]);
  if (!decision)
    throw new DomainError(
      'DECISION_NOT_FOUND',
      `There is no decision ${outcome.decisionId}. Pass the decisionId of an action.`,
      ['input', 'decisionId'],
    );
  await recordOutcomes(tx, [outcome], now);
}

/** A suggestion that is not taken up in this time was not taken up. */
const SETTLE_HOURS = 72;
const SETTLE_BATCH = 5_000;

/** An order takes up what was suggested before it: that very product, or the cart she was helped with. */
const TAKEN = `
  with bought as (
    select b.*, coalesce(c.customer_id, b.profile_id) as customer_id
      from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::bigint[]) as b (profile_id, at, product_id, amount)
      left join customer_profile c on c.profile_id = b.profile_id),
  member as (
    select distinct b.customer_id, p.profile_id from bought b
     cross join lateral (select profile_id from customer_profile where customer_id = b.customer_id union select b.customer_id) p)
  select d.id as "decisionId", sum(b.amount)::bigint as value
    from bought b
    join member m on m.customer_id = b.customer_id
    join decision d on d.profile_id = m.profile_id and d.decided_at <= b.at and d.decided_at > b.at - interval '${SETTLE_HOURS} hours'
   where (d.arm = 'complete-cart' or d.product_id = b.product_id)
     and not exists (select 1 from decision_outcome o where o.decision_id = d.id)
   group by d.id order by d.id`;

export async function creditOrders(
  tx: Tx,
  orders: readonly EventOf<'inventory.order.completed.v1'>[],
  now: Date,
): Promise<void> {
  const lines = orders.flatMap(({ profileId, occurredAt, data }) =>
    profileId
      ? data.lines.map((l) => ({
          profileId,
          occurredAt,
          productId: l.productId ?? null,
          amount: Math.max(0, l.netAmount),
        }))
      : [],
  );
  const taken = await sql<{ decisionId: string; value: number }>(tx, {
    name: 'decision-taken',
    text: TAKEN,
    values: [
      lines.map((l) => l.profileId),
      lines.map((l) => l.occurredAt),
      lines.map((l) => l.productId),
      lines.map((l) => l.amount),
    ],
  });
  await recordOutcomes(
    tx,
    taken.map((t) => ({ ...t, taken: true, source: 'order' })),
    now,
  );
}

const UNSETTLED = `
  select d.id from decision d
   where d.decided_at < $1 and not exists (select 1 from decision_outcome o where o.decision_id = d.id)
   order by d.decided_at limit ${SETTLE_BATCH}`;

/** What nobody took up in time counts as not taken. */
export async function settleDecisions(tx: Tx, now: Date): Promise<number> {
  const before = new Date(now.getTime() - SETTLE_HOURS * 3_600_000);
  const rows = await sql<{ id: string }>(tx, UNSETTLED, [before]);
  return recordOutcomes(
    tx,
    rows.map(({ id }) => ({ decisionId: id, taken: false, value: 0, source: 'time' })),
    now,
  );
}
