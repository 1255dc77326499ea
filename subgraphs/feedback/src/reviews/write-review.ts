import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { tell } from '../tell.ts';
import { DomainError } from '@trenza/values';
import {
  followReview,
  keepReviews,
  REVIEW_COLUMNS,
  reviewProblem,
  reviewReceived,
  type ReviewItem,
  type ReviewRow,
} from './import-reviews.ts';

const OWN_SOURCE = 'trenza';

/** A review written with us. It is shown, and earns, only after somebody has read it; a very negative one opens a case at once. */
export async function writeReview(
  tx: Tx,
  item: Omit<ReviewItem, 'externalId' | 'occurredAt'>,
  now: Date,
): Promise<ReviewRow> {
  const full = { ...item, externalId: newId(), occurredAt: now };
  const problem = reviewProblem(full, now);
  if (problem) throw new DomainError(problem.code, problem.message, ['input', problem.field]);
  const [review] = await keepReviews(tx, [full], { source: OWN_SOURCE, imported: false, status: 'pending' }, now);
  await followReview(tx, review!, now);
  return review!;
}

/** Shows a review, or hides it. Approving says so once more, so that loyalty can make pending points active. */
export async function moderateReview(tx: Tx, reviewId: string, approved: boolean): Promise<ReviewRow> {
  const status = approved ? 'approved' : 'rejected';
  const [before] = await sql<{ status: string }>(tx, 'select status from review where id = $1 for update', [reviewId]);
  if (!before) throw new DomainError('REVIEW_NOT_FOUND', `There is no review ${reviewId}.`, ['input', 'reviewId']);
  const [row] = await sql<ReviewRow>(tx, `update review set status = $2 where id = $1 returning ${REVIEW_COLUMNS}`, [
    reviewId,
    status,
  ]);
  if (before.status !== status) await tell(tx, [reviewReceived(row!)]);
  return row!;
}
