import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { changeRule, draftRule, type RuleDraft } from '../earning-rules/draft-rule.ts';
import { changeReward, createReward, type RewardDraft } from '../rewards/create-reward.ts';
import { releaseBudget, reserveBudget } from './budget.ts';
import { refusals, type GuardRails } from './local-programme.ts';

export interface LocalProgrammeRow {
  id: string;
  storeId: string;
  name: string;
  ruleId: string | null;
  rewardId: string | null;
  budget: number;
  spent: number;
  status: 'proposed' | 'live' | 'rejected' | 'ended';
  startsAt: Date;
  endsAt: Date;
  proposedBy: string;
  decidedBy: string | null;
  decisionReason: string | null;
}

export const LOCAL_COLUMNS = `id, store_id as "storeId", name, rule_id as "ruleId", reward_id as "rewardId", budget, spent, status,
  starts_at as "startsAt", ends_at as "endsAt", proposed_by as "proposedBy", decided_by as "decidedBy", decision_reason as "decisionReason"`;

export async function guardRailsOf(tx: Tx): Promise<GuardRails> {
  const [rails] = await sql<GuardRails>(
    tx,
    `select triggers, reward_kinds as "rewardKinds", max_fixed as "maxFixed", max_per_amount as "maxPerAmount",
            max_reward_points as "maxRewardPoints", max_days as "maxDays", max_budget as "maxBudget", closed, banned_words as "bannedWords"
       from guard_rails limit 1`,
  );
  return rails!;
}

export interface ProposeLocalProgramme {
  storeId: string;
  name: string;
  startsAt: Date;
  endsAt: Date;
  budget: number;
  rule?: RuleDraft | null;
  reward?: RewardDraft | null;
  by: string;
}

/** A store proposes; nothing runs before somebody central has agreed. What it proposes holds in this store and in these days only. */
export async function propose(tx: Tx, command: ProposeLocalProgramme, now: Date): Promise<LocalProgrammeRow> {
  const { storeId, name, startsAt, endsAt, budget, rule, reward, by } = command;
  const [refusal] = refusals(command, await guardRailsOf(tx), now);
  if (refusal) throw refusal;
  const id = newId();
  const here = { storeIds: [storeId], startsAt, endsAt };
  const code = `local-${id.slice(-12)}`;
  const drafted = rule
    ? await draftRule(
        tx,
        { ...rule, ...here, code, qualifies: false, budgetStoreId: storeId, localProgrammeId: id },
        by,
      )
    : null;
  const created = reward ? await createReward(tx, { ...reward, ...here }, by, now, id) : null;
  const [row] = await sql<LocalProgrammeRow>(
    tx,
    `insert into local_programme (id, store_id, name, rule_id, reward_id, budget, starts_at, ends_at, proposed_by, proposed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${LOCAL_COLUMNS}`,
    [id, storeId, name, drafted?.id ?? null, created?.id ?? null, budget, startsAt, endsAt, by, now],
  );
  return row!;
}

/** Agreed: the budget is promised and it goes live. Or not, with a reason. */
export async function decideOnProposal(
  tx: Tx,
  command: { id: string; approved: boolean; reason: string; by: string },
  now: Date,
): Promise<LocalProgrammeRow> {
  const programme = await lock(tx, command.id);
  if (programme.status !== 'proposed')
    throw new DomainError(
      'ALREADY_DECIDED',
      `"${programme.name}" is ${programme.status}; only proposals are decided on.`,
      ['input', 'id'],
    );
  if (command.approved) {
    await reserveBudget(tx, { storeId: programme.storeId, points: programme.budget, programmeId: programme.id }, now);
    if (programme.ruleId)
      await changeRule(tx, { ruleId: programme.ruleId, status: 'live', reason: command.reason, by: command.by }, now);
    if (programme.rewardId) await changeReward(tx, { rewardId: programme.rewardId, status: 'live' }, now);
  }
  const [row] = await sql<LocalProgrammeRow>(
    tx,
    `update local_programme set status = $2, decided_by = $3, decided_at = $4, decision_reason = $5 where id = $1 returning ${LOCAL_COLUMNS}`,
    [programme.id, command.approved ? 'live' : 'rejected', command.by, now, command.reason],
  );
  return row!;
}

/** Ends it, early or in time: the rule or the reward retires, and what was promised and not used is the store's again. */
export async function endProgramme(tx: Tx, id: string, now: Date): Promise<LocalProgrammeRow> {
  const programme = await lock(tx, id);
  if (programme.status === 'ended') return programme;
  if (programme.status !== 'live')
    throw new DomainError('NOT_LIVE', `"${programme.name}" is ${programme.status}; only what is live ends.`, [
      'input',
      'id',
    ]);
  const { ruleId } = programme;
  if (ruleId)
    await changeRule(tx, { ruleId, status: 'retired', reason: 'The local programme ended.', by: 'trenza' }, now);
  if (programme.rewardId) await changeReward(tx, { rewardId: programme.rewardId, status: 'retired' }, now);
  await releaseBudget(
    tx,
    { storeId: programme.storeId, points: programme.budget - programme.spent, programmeId: id },
    now,
  );
  const [row] = await sql<LocalProgrammeRow>(
    tx,
    `update local_programme set status = 'ended', ended_at = $2 where id = $1 returning ${LOCAL_COLUMNS}`,
    [id, now],
  );
  return row!;
}

/** Word of an order may come a while after it: budgets are freed so long after the end. */
const LATE_HOURS = 1;
const END_AT_ONCE = 50;

export async function endDueProgrammes(tx: Tx, now: Date): Promise<void> {
  const due = await sql<{ id: string }>(
    tx,
    `select id from local_programme where status = 'live' and ends_at <= $1::timestamptz - interval '${LATE_HOURS} hours' order by ends_at limit ${END_AT_ONCE}`,
    [now],
  );
  for (const { id } of due) await endProgramme(tx, id, now);
}

async function lock(tx: Tx, id: string): Promise<LocalProgrammeRow> {
  const [programme] = await sql<LocalProgrammeRow>(
    tx,
    `select ${LOCAL_COLUMNS} from local_programme where id = $1 for update`,
    [id],
  );
  if (programme) return programme;
  throw new DomainError('UNKNOWN_LOCAL_PROGRAMME', `There is no local programme ${id}.`, ['input', 'id']);
}
