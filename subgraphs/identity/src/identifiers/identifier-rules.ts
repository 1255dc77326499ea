import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';
import type { Identifier, IdentifierType } from './identifier.ts';
import { normalise } from './normalise.ts';

export interface IdentifierSetting {
  type: IdentifierType;
  priority: number;
  limit: number;
  windowDays: number | null;
}
type Signed = { setBy: string; setAt: Date };
export type BlockedValue = Identifier & Signed & { reason: string };

/** Types are counted on two hands: 99 leaves room between any two of them. */
const MAX_PRIORITY = 99;
/** More than any person has; a customer of more is a till's dummy record, and reading her would slow everybody down. */
const MAX_LIMIT = 1_000;
/** Ten years: beyond it a window is none. */
const MAX_WINDOW_DAYS = 3_650;
/** A list for people to look after. Patterns of placeholders are refused by `normalise` already. */
const MAX_BLOCKED = 1_000;

const RULES = `
  select type, priority, most as "limit", window_days as "windowDays", set_by as "setBy", set_at as "setAt"
    from identifier_rule order by priority, type`;

export const identifierRules = (db: Tx | DataSource): Promise<(IdentifierSetting & Signed)[]> => sql(db, RULES);

/** Sets a rule and says what changed, for the audit log. What is linked already stays linked: limits are about what comes. */
export async function setIdentifierRule(tx: Tx, rule: IdentifierSetting, { setBy, setAt }: Signed): Promise<string[]> {
  within('priority', rule.priority, MAX_PRIORITY);
  within('limit', rule.limit, MAX_LIMIT);
  if (rule.windowDays !== null) within('windowDays', rule.windowDays, MAX_WINDOW_DAYS);
  const before = await sql<IdentifierSetting>(
    tx,
    'select priority, most as "limit", window_days as "windowDays" from identifier_rule where type = $1 for update',
    [rule.type],
  );
  await sql(
    tx,
    'update identifier_rule set priority = $2, most = $3, window_days = $4, set_by = $5, set_at = $6 where type = $1',
    [rule.type, rule.priority, rule.limit, rule.windowDays, setBy, setAt],
  );
  const fields = ['priority', 'limit', 'windowDays'] as const;
  return fields
    .filter((field) => before[0]![field] !== rule[field])
    .map((field) => `${rule.type}.${field}: ${before[0]![field] ?? 'none'} → ${rule[field] ?? 'none'}`);
}

function within(field: string, value: number, most: number): void {
  if (value >= 1 && value <= most) return;
  const message = `The ${field} is a number from 1 to ${most}, ${value} was given.`;
  throw new DomainError('RULE_OUT_OF_RANGE', message, ['input', field]);
}

const BLOCKED = `select type, value, reason, set_by as "setBy", set_at as "setAt" from blocked_identifier`;

export const blockedIdentifiers = (db: Tx | DataSource): Promise<BlockedValue[]> =>
  sql(db, `${BLOCKED} order by type, value`);

/** From now on the value identifies nobody. Whom it linked stays linked until an unmerge, because only people know who is who. */
export async function blockIdentifier(tx: Tx, raw: Identifier & { country: string }, set: Signed & { reason: string }) {
  const { type, value } = read(raw);
  // One at a time, or two admins could go over the bound together.
  await sql(tx, 'lock table blocked_identifier in share row exclusive mode');
  const [{ n } = { n: 0 }] = await sql<{ n: number }>(tx, 'select count(*)::int as n from blocked_identifier');
  if (n >= MAX_BLOCKED) {
    const message = `${n} values are blocked, which is the most there may be. Unblock some that are not seen any more.`;
    throw new DomainError('TOO_MANY_BLOCKED', message, ['input']);
  }
  await sql(
    tx,
    `insert into blocked_identifier (type, value, reason, set_by, set_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [type, value, set.reason, set.setBy, set.setAt],
  );
  const [blocked] = await sql<BlockedValue>(tx, `${BLOCKED} where type = $1 and value = $2`, [type, value]);
  return blocked!;
}

/** From now on the value identifies again. */
export async function unblockIdentifier(tx: Tx, raw: Identifier & { country: string }): Promise<BlockedValue> {
  const { type, value } = read(raw);
  const [blocked] = await sql<BlockedValue>(tx, `${BLOCKED} where type = $1 and value = $2 for update`, [type, value]);
  if (!blocked) {
    const message = `The ${type} ${value} is not blocked. The query blockedIdentifiers lists those that are.`;
    throw new DomainError('NOT_BLOCKED', message, ['input', 'value']);
  }
  await sql(tx, 'delete from blocked_identifier where type = $1 and value = $2', [type, value]);
  return blocked;
}

function read({ type, value, country }: Identifier & { country: string }): Identifier {
  const normal = normalise(type, value, country);
  if ('value' in normal) return { type, value: normal.value };
  throw new DomainError('INVALID_IDENTIFIER', `The ${type} cannot be used: ${normal.refused}.`, ['input', 'value']);
}
