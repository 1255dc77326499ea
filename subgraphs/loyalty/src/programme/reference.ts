import { afterCommit, sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import { DateTime } from 'luxon';
import type { DataSource } from 'typeorm';
import type { LocalTime } from '../earning-rules/condition.ts';
import type { EarningRule } from '../earning-rules/rule.ts';
import type { ClawBackPolicy } from '../points/ledger.ts';
import type { Tier, TierPolicy } from '../tiers/tier.ts';

export const DEFAULT_CURRENCY = 'points';

export interface PointCurrency {
  code: string;
  name: string;
  /** Minor units of money that a point pays for; null where it can't pay. */
  valueMinor: number | null;
  moneyCurrency: string | null;
  livesDays: number | null;
  graceDays: number;
  clawBack: ClawBackPolicy;
  /** How often one customer may spend within an hour; null without limit. */
  spendingsPerHour: number | null;
}

/** What every decision of the programme is made by: small, read all the time, seldom changed. */
export interface Reference {
  currencies: ReadonlyMap<string, PointCurrency>;
  /** Live ones. */
  rules: readonly EarningRule[];
  /** Everything that some version of some rule has ever looked at: what is worth keeping for a simulation. */
  triggers: ReadonlySet<string>;
  tiers: readonly Tier[];
  tierPolicy: TierPolicy;
}

/** A change made by another replica is seen within this time; one made by this process at once. */
const FRESH_MS = 1_000;
const kept = new WeakMap<DataSource, { readAt: number; reference: Reference }>();

export async function referenceOf(db: Tx | DataSource): Promise<Reference> {
  const source = 'dataSource' in db ? db.dataSource : db;
  const known = kept.get(source);
  // The wall clock, because this is about staleness, not about the programme's time.
  if (known && Date.now() - known.readAt < FRESH_MS) return known.reference;
  const reference = await readReference(db);
  kept.set(source, { readAt: Date.now(), reference });
  return reference;
}

/** To be called by whatever changes rules, tiers or currencies. */
export const referenceChanged = (tx: Tx): void => afterCommit(tx, () => void kept.delete(tx.dataSource));

export function currencyOf({ currencies }: Reference, code: string): PointCurrency {
  const currency = currencies.get(code);
  if (currency) return currency;
  const known = [...currencies.keys()].join(', ');
  throw new DomainError('UNKNOWN_CURRENCY', `There is no point currency "${code}". Use one of: ${known}.`, [
    'input',
    'currency',
  ]);
}

/** An instant as the programme's calendar shows it. */
export function localTime(at: Date, timeZone: string): LocalTime {
  const { year, month, day, weekday, hour } = DateTime.fromJSDate(at, { zone: timeZone });
  return { year, month, day, weekday, hour };
}

const DAY_MS = 86_400_000;
export const daysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS);

export const RULE_COLUMNS = `id, code, version, trigger, condition, effect, value, currency, priority, exclusive, starts_at as "startsAt",
  ends_at as "endsAt", store_ids as "storeIds", channels, tiers, pending_days as "pendingDays", lives_days as "livesDays",
  cap_per_customer as "capPerCustomer", cap_period as "capPeriod", cap_total as "capTotal", qualifies, budget_store_id as "budgetStoreId",
  local_programme_id as "localProgrammeId"`;

export async function readReference(db: Tx | DataSource): Promise<Reference> {
  const currencies = await sql<PointCurrency>(
    db,
    `select code, name, value_minor as "valueMinor", money_currency as "moneyCurrency", lives_days as "livesDays",
            grace_days as "graceDays", claw_back as "clawBack",
            spendings_per_hour as "spendingsPerHour" from point_currency`,
  );
  const rules = await sql<EarningRule>(db, `select ${RULE_COLUMNS} from earning_rule where status = 'live'`);
  const triggers = await sql<{ trigger: string }>(db, `select distinct trigger from earning_rule`);
  const tiers = await sql<Tier>(db, `select code, name, rank, threshold, benefits from tier order by rank`);
  const [tierPolicy] = await sql<TierPolicy>(
    db,
    `select window_kind as "windowKind", window_days as "windowDays", grace_days as "graceDays", downgrade, time_zone as "timeZone"
       from tier_policy limit 1`,
  );
  return {
    currencies: new Map(currencies.map((currency) => [currency.code, currency])),
    rules,
    triggers: new Set(triggers.map((row) => row.trigger)),
    tiers,
    tierPolicy: tierPolicy!,
  };
}
