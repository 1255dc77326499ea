import { one, sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { currencyOf, referenceChanged, referenceOf, RULE_COLUMNS } from '../programme/reference.ts';
import { assertBetween, assertReason } from '../bounds.ts';
import { MAX_POINTS } from '../points/ledger.ts';
import { assertCondition } from './condition.ts';
import type { EarningRule, RuleStatus } from './rule.ts';
import { keepChange } from './rule-changes.ts';

export type StoredRule = EarningRule & { name: string; status: RuleStatus };

/** A rule as somebody wishes it, before it has an id and a version. */
export interface RuleDraft {
  code: string;
  name: string;
  trigger: string;
  condition: string;
  effect: EarningRule['effect'];
  value: number;
  currency: string;
  priority: number;
  exclusive: boolean;
  startsAt?: Date | null;
  endsAt?: Date | null;
  storeIds: readonly string[];
  channels: readonly string[];
  tiers: readonly string[];
  pendingDays: number;
  livesDays?: number | null;
  capPerCustomer?: number | null;
  capPeriod?: EarningRule['capPeriod'];
  capTotal?: number | null;
  qualifies: boolean;
  budgetStoreId?: string | null;
  localProgrammeId?: string | null;
}

const refuse = (code: string, message: string, field: string): never => {
  throw new DomainError(code, message, ['input', 'rule', field]);
};

/** More points for one cent or one visit than this is a slip of the decimal point. */
const MAX_VALUE = 100_000;

/** Refuses what can't be meant, before anybody relies on it. */
export async function assertDraft(tx: Tx, draft: RuleDraft): Promise<void> {
  const reference = await referenceOf(tx);
  currencyOf(reference, draft.currency);
  assertCondition(draft.trigger, draft.condition);
  if (!/^[a-z][a-z0-9-]{1,59}$/.test(draft.code))
    refuse('INVALID_CODE', `"${draft.code}" is no code: use 2 to 60 lower-case letters, digits and dashes.`, 'code');
  if (draft.name.trim() === '' || draft.name.length > 200)
    refuse('INVALID_NAME', 'A name has 1 to 200 characters.', 'name');
  if (!(draft.value > 0 && draft.value <= MAX_VALUE))
    refuse('INVALID_VALUE', `The value must be more than 0 and at most ${MAX_VALUE}, not ${draft.value}.`, 'value');
  if (draft.effect !== 'fixed' && draft.trigger !== 'order')
    refuse('INVALID_EFFECT', `Only orders have an amount; on "${draft.trigger}" points are FIXED.`, 'effect');
  if (draft.trigger.length < 1 || draft.trigger.length > 60)
    refuse('INVALID_TRIGGER', 'A trigger has 1 to 60 characters.', 'trigger');
  assertBetween(draft.pendingDays, 0, 365, 'rule', 'pendingDays');
  assertBetween(draft.livesDays, 1, 3_650, 'rule', 'livesDays');
  assertBetween(draft.capPerCustomer, 1, MAX_POINTS, 'rule', 'capPerCustomer');
  assertBetween(draft.capTotal, 1, MAX_POINTS, 'rule', 'capTotal');
  if (draft.startsAt && draft.endsAt && draft.endsAt <= draft.startsAt)
    refuse('INVALID_PERIOD', 'The rule ends before it starts.', 'endsAt');
  if ((draft.capPerCustomer == null) !== (draft.capPeriod == null))
    refuse('INVALID_CAP', 'capPerCustomer and capPeriod are given together or not at all.', 'capPeriod');
  if (draft.effect === 'multiplier' && (draft.capPerCustomer ?? draft.capTotal))
    refuse('INVALID_CAP', 'A multiplier has no cap of its own: cap the rules that it multiplies.', 'capPerCustomer');
  const unknown = draft.tiers.find((code) => !reference.tiers.some((tier) => tier.code === code));
  if (unknown) refuse('UNKNOWN_TIER', `There is no tier "${unknown}".`, 'tiers');
}

/** Keeps a draft as the next version of its code. */
export async function draftRule(tx: Tx, draft: RuleDraft, by: string): Promise<StoredRule> {
  await assertDraft(tx, draft);
  const id = newId();
  await sql(
    tx,
    `insert into earning_rule (id, code, version, programme_id, name, trigger, condition, effect, value, currency, priority, exclusive,
                               starts_at, ends_at, store_ids, channels, tiers, pending_days, lives_days, cap_per_customer, cap_period,
                               cap_total, qualifies, budget_store_id, local_programme_id, created_by)
     select $1, $2, coalesce((select max(version) from earning_rule where code = $2), 0) + 1, (select programme_id from point_currency where code = $8),
            $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24`,
    [
      id,
      draft.code,
      draft.name,
      draft.trigger,
      draft.condition,
      draft.effect,
      draft.value,
      draft.currency,
      draft.priority,
      draft.exclusive,
      draft.startsAt,
      draft.endsAt,
      draft.storeIds,
      draft.channels,
      draft.tiers,
      draft.pendingDays,
      draft.livesDays,
      draft.capPerCustomer,
      draft.capPeriod,
      draft.capTotal,
      draft.qualifies,
      draft.budgetStoreId,
      draft.localProgrammeId,
      by,
    ],
  );
  referenceChanged(tx);
  return findRule(tx, id);
}

export async function findRule(tx: Tx, id: string): Promise<StoredRule> {
  const [rule] = await sql<StoredRule>(tx, `select ${RULE_COLUMNS}, name, status from earning_rule where id = $1`, [
    id,
  ]);
  if (rule) return rule;
  throw new DomainError('UNKNOWN_RULE', `There is no earning rule ${id}.`, ['input', 'ruleId']);
}

const ALLOWED: Record<RuleStatus, readonly RuleStatus[]> = {
  draft: ['live', 'retired'],
  live: ['paused', 'retired'],
  paused: ['live', 'retired'],
  retired: [],
};

export interface StatusChange {
  ruleId: string;
  status: RuleStatus;
  /** Why, in a person's words; null where nobody said. */
  reason: string | null;
  by: string;
}

/** A version goes live, pauses or retires, and it is kept who did it. The version that was live before it retires with the same stroke. */
export async function changeRule(tx: Tx, command: StatusChange, at: Date): Promise<StoredRule> {
  const { reason, by } = command;
  if (reason !== null) assertReason(reason);
  const rule = await findRule(tx, command.ruleId);
  // One row per code is the lock of all its versions.
  await sql(tx, 'select 1 from earning_rule where code = $1 and version = 1 for update', [rule.code]);
  const { status } = await one<{ status: RuleStatus }>(tx, 'select status from earning_rule where id = $1', [rule.id]);
  if (status === command.status) return { ...rule, status };
  if (!ALLOWED[status].includes(command.status)) {
    const next = ALLOWED[status].join(' or ') || 'nothing any more: draft a new version';
    throw new DomainError('INVALID_STATUS', `The rule is ${status}; it can become ${next}.`, ['input', 'status']);
  }
  if (command.status === 'live') {
    const replaced = await sql<{ id: string }>(
      tx,
      `update earning_rule set status = 'retired' where code = $1 and status = 'live' returning id`,
      [rule.code],
    );
    const because = `Version ${rule.version} took its place.`;
    for (const { id } of replaced)
      await keepChange(tx, { ruleId: id, from: 'live', to: 'retired', reason: because, by, at });
  }
  await sql(tx, 'update earning_rule set status = $2 where id = $1', [rule.id, command.status]);
  await keepChange(tx, { ruleId: rule.id, from: status, to: command.status, reason, by, at });
  referenceChanged(tx);
  return findRule(tx, rule.id);
}
