import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { DataSource } from 'typeorm';
import type { RuleStatus } from './rule.ts';

/** Years of a rule that is paused and resumed every week. */
const MAX_CHANGES = 500;

export interface RuleChange {
  ruleId: string;
  version: number;
  from: RuleStatus;
  to: RuleStatus;
  reason: string | null;
  by: string;
  at: Date;
}

const KEEP = `
  insert into earning_rule_change (id, rule_id, from_status, to_status, reason, changed_by, changed_at)
  values ($1, $2, $3, $4, $5, $6, $7)`;

export const keepChange = (tx: Tx, change: Omit<RuleChange, 'version'>): Promise<unknown> =>
  sql(tx, KEEP, [newId(), change.ruleId, change.from, change.to, change.reason, change.by, change.at]);

const CHANGES = `
  select c.rule_id as "ruleId", r.version, c.from_status as "from", c.to_status as "to", c.reason, c.changed_by as "by", c.changed_at as "at"
    from earning_rule r join earning_rule_change c on c.rule_id = r.id
   where r.code = $1
   order by c.changed_at desc, c.id desc
   limit ${MAX_CHANGES}`;

/** What was done with all versions of a rule, the latest first. */
export const changesOf = (database: DataSource, code: string): Promise<RuleChange[]> =>
  sql<RuleChange>(database, CHANGES, [code]);
