import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import { assertBetween } from '../bounds.ts';
import type { TierPolicy } from '../tiers/tier.ts';
import { referenceChanged, referenceOf, type PointCurrency } from './reference.ts';

/** A programme without end is a mistake; these bounds leave room for every sensible one. */
const MAX_DAYS = 3_650;
const MAX_TIERS = 20;

/** Makes a point currency, or changes one. Lots that exist keep the expiry they were given. */
export async function configureCurrency(tx: Tx, currency: PointCurrency): Promise<PointCurrency> {
  const { code, name, valueMinor, moneyCurrency, livesDays, graceDays, clawBack, spendingsPerHour } = currency;
  if (!/^[a-z][a-z0-9-]{1,29}$/.test(code))
    throw new DomainError('INVALID_CODE', `"${code}" is no code: use 2 to 30 lower-case letters, digits and dashes.`, [
      'input',
      'code',
    ]);
  if (
    (valueMinor === null) !== (moneyCurrency === null) ||
    (moneyCurrency !== null && !/^[A-Z]{3}$/.test(moneyCurrency))
  )
    throw new DomainError(
      'INVALID_VALUE',
      'valueMinor and a three-letter moneyCurrency are given together or not at all.',
      ['input', 'moneyCurrency'],
    );
  assertBetween(livesDays, 1, MAX_DAYS, 'livesDays');
  assertBetween(graceDays, 1, MAX_DAYS, 'graceDays');
  assertBetween(spendingsPerHour, 1, 1_000_000, 'spendingsPerHour');
  assertBetween(valueMinor, 0.0001, 1_000_000, 'valueMinor');
  await sql(
    tx,
    `insert into point_currency (code, programme_id, name, value_minor, money_currency, lives_days, grace_days, claw_back, spendings_per_hour)
     values ($1, (select id from programme order by id limit 1), $2, $3, $4, $5, $6, $7, $8)
     on conflict (code) do update set name = excluded.name, value_minor = excluded.value_minor, money_currency = excluded.money_currency,
       lives_days = excluded.lives_days, grace_days = excluded.grace_days, claw_back = excluded.claw_back, spendings_per_hour = excluded.spendings_per_hour`,
    [code, name, valueMinor, moneyCurrency, livesDays, graceDays, clawBack, spendingsPerHour],
  );
  referenceChanged(tx);
  return currency;
}

export interface TierLadder {
  policy: TierPolicy;
  tiers: readonly { code: string; name: string; threshold: number; benefits: readonly string[] }[];
}

/** Sets the whole ladder: thresholds must rise and the first be zero, so that everybody has a tier. Standings follow with the next event or review. */
export async function configureTiers(tx: Tx, { policy, tiers }: TierLadder): Promise<void> {
  if (tiers.length < 1 || tiers.length > MAX_TIERS || tiers[0]!.threshold !== 0)
    throw new DomainError('INVALID_TIERS', `A ladder has 1 to ${MAX_TIERS} tiers, and the first begins at 0.`, [
      'input',
      'tiers',
    ]);
  const fallen = tiers.findIndex((tier, i) => i > 0 && tier.threshold <= tiers[i - 1]!.threshold);
  if (fallen > 0)
    throw new DomainError(
      'INVALID_TIERS',
      `The threshold of "${tiers[fallen]!.code}" must be above that of "${tiers[fallen - 1]!.code}".`,
      ['input', 'tiers'],
    );
  assertBetween(policy.windowDays, 1, 1_100, 'windowDays');
  assertBetween(policy.graceDays, 0, MAX_DAYS, 'graceDays');
  const gone = (await referenceOf(tx)).tiers.filter((tier) => !tiers.some(({ code }) => code === tier.code));
  const first = tiers[0]!.code;
  await sql(tx, 'update tier set rank = rank + 1000, threshold = threshold + 1000000000000');
  await sql(
    tx,
    `insert into tier (code, programme_id, name, rank, threshold, benefits)
     select t.code, (select id from programme order by id limit 1), t.name, t.rank - 1, t.threshold, array(select jsonb_array_elements_text(t.benefits))
       from unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[]) with ordinality as t (code, name, threshold, benefits, rank)
     on conflict (code) do update set name = excluded.name, rank = excluded.rank, threshold = excluded.threshold, benefits = excluded.benefits`,
    [
      tiers.map((tier) => tier.code),
      tiers.map((tier) => tier.name),
      tiers.map((tier) => tier.threshold),
      tiers.map((tier) => JSON.stringify(tier.benefits)),
    ],
  );
  await sql(tx, 'update tier_standing set tier = $2 where tier = any($1)', [gone.map((tier) => tier.code), first]);
  await sql(tx, 'delete from tier where code = any($1)', [gone.map((tier) => tier.code)]);
  await sql(
    tx,
    'update tier_policy set window_kind = $1, window_days = $2, grace_days = $3, downgrade = $4, time_zone = $5',
    [policy.windowKind, policy.windowDays, policy.graceDays, policy.downgrade, policy.timeZone],
  );
  // Every standing may have changed: the review takes them up in batches.
  await sql(tx, `update tier_standing set review_at = '-infinity'`);
  referenceChanged(tx);
}
