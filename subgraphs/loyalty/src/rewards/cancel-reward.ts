import { sql, type Tx } from '@trenza/database';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { refund } from '../local-programmes/budget.ts';
import { findReward } from './reward-rows.ts';
import { cancelRedemption } from '../points/cancel-redemption.ts';

interface Issue {
  rewardId: string;
  redemptionId: string | null;
  slotId: string | null;
  points: number;
  status: 'issued' | 'cancelled';
}

/** A reward that is not wanted goes back while nothing has been made of it: the points, the place, the stock; its code is dead. */
export async function cancelReward(
  tx: Tx,
  command: { issueId: string; reason: string; idempotencyKey: string },
  deps: Pick<Deps, 'clock'>,
): Promise<{ issueId: string; points: number }> {
  const { issueId, reason } = command;
  const now = deps.clock.now();
  const issue = await findIssue(tx, issueId);
  if (issue.redemptionId)
    await cancelRedemption(
      tx,
      { redemptionId: issue.redemptionId, reason, idempotencyKey: `reward:${command.idempotencyKey}` },
      deps,
    );
  const cancelled = await sql(
    tx,
    `update reward_issue set status = 'cancelled', cancelled_at = $2 where id = $1 and status = 'issued' returning id`,
    [issueId, now],
  );
  if (cancelled.length === 0)
    throw new DomainError('REWARD_CANCELLED', 'The reward has been cancelled already.', ['input', 'issueId']);
  const dead = await sql(tx, `update voucher set status = 'cancelled' where issue_id = $1 and uses = 0 returning id`, [
    issueId,
  ]);
  const vouchers = await sql(tx, 'select id from voucher where issue_id = $1', [issueId]);
  if (dead.length < vouchers.length)
    throw new DomainError('VOUCHER_USED', 'The voucher of this reward has been used.', ['input', 'issueId']);
  if (issue.slotId) await sql(tx, 'update reward_slot set taken = taken - 1 where id = $1', [issue.slotId]);
  await sql(tx, 'update reward set stock_left = stock_left + 1 where id = $1 and stock_left is not null', [
    issue.rewardId,
  ]);
  const { localProgrammeId: programmeId } = await findReward(tx, issue.rewardId);
  if (programmeId) {
    const key = `local:cancel:${command.idempotencyKey}`;
    await refund(tx, { programmeId, points: issue.points, key, reason: 'local reward cancelled' }, now);
  }
  return { issueId, points: issue.points };
}

async function findIssue(tx: Tx, id: string): Promise<Issue> {
  const [issue] = await sql<Issue>(
    tx,
    `select reward_id as "rewardId", redemption_id as "redemptionId", slot_id as "slotId", points, status from reward_issue where id = $1`,
    [id],
  );
  if (issue?.status === 'issued') return issue;
  throw new DomainError(
    issue ? 'REWARD_CANCELLED' : 'UNKNOWN_REWARD_ISSUE',
    issue ? 'The reward has been cancelled already.' : `No reward was issued under ${id}.`,
    ['input', 'issueId'],
  );
}
