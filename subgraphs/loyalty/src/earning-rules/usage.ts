import { sql, type Tx } from '@trenza/database';
import { DEFAULT_CURRENCY } from '../programme/reference.ts';
import { profilesOf } from '@trenza/customers';
import type { LocalTime } from './condition.ts';
import { periodOf, type Allowance, type Award, type EarningRule } from './rule.ts';

/** Stands for all customers together in `rule_usage`. */
const EVERYBODY = '00000000-0000-0000-0000-000000000000';

/** What capped rules have given so far, as it changes while occasions are decided. Rules without a cap never appear. */
export interface Usage {
  allowanceOf(rule: EarningRule, customerId: string, at: LocalTime): Allowance;
  /** By `code/customer/period`. */
  used: Map<string, number>;
  /** What local programmes have left, and what of it is being spent. */
  budgets: Map<string, number>;
  spent: Map<string, number>;
  added: Map<string, { code: string; profileId: string; period: string; points: number }>;
}

const keyOf = (code: string, owner: string, period: string): string => `${code}/${owner}/${period}`;

/**
 * Reads what counts against caps and budgets. The rows are locked first and read later, so that two occasions of one customer, or the last
 * points of a budget, can't be given twice.
 */
export async function readUsage(
  tx: Tx,
  rules: readonly EarningRule[],
  occasions: readonly { trigger: string; profileId: string; occurredAt: Date }[],
  customers: readonly string[],
): Promise<Usage> {
  const triggers = new Set(occasions.map((occasion) => occasion.trigger));
  const limited = rules.filter((rule) => triggers.has(rule.trigger) && (rule.capPeriod ?? rule.capTotal));
  const used = new Map<string, number>();
  if (limited.length > 0) await readCaps(tx, limited, [...new Set(customers)], used);
  const programmes = rules
    .filter((rule) => triggers.has(rule.trigger) && rule.localProgrammeId)
    .map((rule) => rule.localProgrammeId!);
  const budgets = programmes.length > 0 ? await readBudgets(tx, programmes) : new Map<string, number>();
  return {
    used,
    budgets,
    spent: new Map(),
    added: new Map(),
    allowanceOf: (rule, customerId, at) => ({
      ...(rule.capPeriod && {
        customer: rule.capPerCustomer! - (used.get(keyOf(rule.code, customerId, periodOf(rule.capPeriod, at))) ?? 0),
      }),
      ...(rule.capTotal && { total: rule.capTotal - (used.get(keyOf(rule.code, EVERYBODY, 'ever')) ?? 0) }),
      ...(rule.localProgrammeId && { budget: budgets.get(rule.localProgrammeId) ?? 0 }),
    }),
  };
}

async function readCaps(
  tx: Tx,
  rules: readonly EarningRule[],
  customers: readonly string[],
  used: Map<string, number>,
): Promise<void> {
  const profiles = await profilesOf(tx, customers);
  const customerOf = new Map(profiles.flatMap((own, i) => own.map((id) => [id, customers[i]!] as const)));
  const owners = [...new Set([...customerOf.keys(), EVERYBODY])].sort();
  const codes = rules.map((rule) => rule.code);
  // The customer's account is the lock of her caps, a rule's own row that of its total: both must be there to be locked.
  await sql(
    tx,
    `insert into account (owner_id, currency, kind) select id, $2, 'customer.available' from unnest($1::uuid[]) as id where id <> '${EVERYBODY}' order by id
     on conflict do nothing`,
    [owners, DEFAULT_CURRENCY],
  );
  await sql(
    tx,
    `select 1 from account where owner_id = any($1) and currency = $2 and kind = 'customer.available' order by owner_id for update`,
    [owners, DEFAULT_CURRENCY],
  );
  await sql(
    tx,
    `insert into rule_usage (rule_code, profile_id, period, points) select code, '${EVERYBODY}', 'ever', 0 from unnest($1::text[]) as code
     on conflict do nothing`,
    [
      rules
        .filter((rule) => rule.capTotal)
        .map((rule) => rule.code)
        .sort(),
    ],
  );
  const rows = await sql<{ rule_code: string; profile_id: string; period: string; points: number }>(tx, {
    name: 'usage-read',
    text: `select rule_code, profile_id, period, points from rule_usage where rule_code = any($1) and profile_id = any($2)
            order by rule_code, profile_id, period for update`,
    values: [codes, owners],
  });
  for (const row of rows) {
    const key = keyOf(row.rule_code, customerOf.get(row.profile_id) ?? EVERYBODY, row.period);
    used.set(key, (used.get(key) ?? 0) + row.points);
  }
}

async function readBudgets(tx: Tx, programmes: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ id: string; left: number }>(
    tx,
    `select id, budget - spent as left from local_programme where id = any($1) and status = 'live' order by id for update`,
    [[...new Set(programmes)]],
  );
  return new Map(rows.map((row) => [row.id, row.left]));
}

/** Counts an award against its rule's caps and budget. */
export function addUsage(
  usage: Usage,
  { rule, points }: Award,
  who: { profileId: string; customerId: string; at: LocalTime },
): void {
  if (points === 0) return;
  if (rule.capPeriod) count(usage, rule.code, who.profileId, who.customerId, periodOf(rule.capPeriod, who.at), points);
  if (rule.capTotal) count(usage, rule.code, EVERYBODY, EVERYBODY, 'ever', points);
  if (rule.localProgrammeId) {
    usage.budgets.set(rule.localProgrammeId, (usage.budgets.get(rule.localProgrammeId) ?? 0) - points);
    usage.spent.set(rule.localProgrammeId, (usage.spent.get(rule.localProgrammeId) ?? 0) + points);
  }
}

function count(
  { used, added }: Usage,
  code: string,
  profileId: string,
  customerId: string,
  period: string,
  points: number,
): void {
  const key = keyOf(code, customerId, period);
  used.set(key, (used.get(key) ?? 0) + points);
  const row = keyOf(code, profileId, period);
  added.set(row, { code, profileId, period, points: (added.get(row)?.points ?? 0) + points });
}

export async function writeUsage(tx: Tx, { added, spent }: Usage): Promise<void> {
  if (spent.size > 0)
    await sql(
      tx,
      `update local_programme p set spent = p.spent + s.points from unnest($1::uuid[], $2::bigint[]) as s (id, points) where p.id = s.id`,
      [[...spent.keys()], [...spent.values()]],
    );
  if (added.size === 0) return;
  const rows = [...added.values()];
  await sql(tx, {
    name: 'usage-write',
    text: `insert into rule_usage as u (rule_code, profile_id, period, points)
           select * from unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[]) as a (code, profile, period, points) order by 1, 2, 3
           on conflict (rule_code, profile_id, period) do update set points = u.points + excluded.points`,
    values: [
      rows.map((r) => r.code),
      rows.map((r) => r.profileId),
      rows.map((r) => r.period),
      rows.map((r) => r.points),
    ],
  });
}
