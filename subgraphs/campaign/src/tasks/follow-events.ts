import { one, sql, type Tx } from '@trenza/database';
import { newId, type EventOf } from '@trenza/events';
import { languageOf } from '../decisions/candidates.ts';
import { recordAttempt } from '../policy/record-attempt.ts';
import { judge, standingsOf } from '../policy/standing.ts';
import { createTask } from './create-task.ts';
import { cartTask, MIN_CART_FOR_CALL, recoveryTask } from './task.ts';

const LAST_STORE = `
  select (array_agg(last_store_id order by last_order_at desc) filter (where last_store_id is not null))[1] as store
    from profile_facts where profile_id = any($1::uuid[])`;

/** The store she last bought in: that one knows her. */
export async function herStore(tx: Tx, profiles: readonly string[]): Promise<string | null> {
  return (await one<{ store: string | null }>(tx, LAST_STORE, [profiles])).store;
}

/** A complaint becomes a task for the store that it is about, else for the one that knows her, else for customer care. */
export async function recoverDetractor(tx: Tx, e: EventOf<'feedback.case.opened.v1'>, now: Date): Promise<void> {
  const { profileId, data } = e;
  if (!profileId) return;
  const [{ status } = { status: 'open' }] = await sql<{ status: string }>(
    tx,
    'select status from complaint where case_id = $1',
    [data.caseId],
  );
  if (status === 'resolved' || status === 'closed') return;
  const standing = (await standingsOf(tx, [profileId], now)).get(profileId)!;
  const storeId = data.storeId ?? (await herStore(tx, standing.profiles));
  const opened = { ...data, dueAt: new Date(data.dueAt) };
  await createTask(
    tx,
    recoveryTask(opened, profileId, storeId, languageOf(standing.language)),
    standing.customerId,
    now,
  );
}

const CASE_CLOSED = `
  update task set state = 'dropped', outcome = 'case-closed', completed_at = $2, completed_by = 'feedback'
   where case_id = $1 and state in ('open', 'claimed')`;
const CASE_MOVED = `update task set store_id = $2 where case_id = $1 and state in ('open', 'claimed')`;

/** A case that was closed elsewhere needs nobody any more; one that was moved is the other store's. */
export async function followCase(tx: Tx, { data }: EventOf<'feedback.case.changed.v1'>, now: Date): Promise<void> {
  if (data.status === 'resolved' || data.status === 'closed') await sql(tx, CASE_CLOSED, [data.caseId, now]);
  else if (data.storeId) await sql(tx, CASE_MOVED, [data.caseId, data.storeId]);
}

/** A call is a contact like any other: it needs her consent, a number, room below the caps and a decent hour. */
export async function callAfterCart(tx: Tx, e: EventOf<'inventory.cart.abandoned.v1'>, now: Date): Promise<void> {
  const { profileId, data } = e;
  if (!profileId || data.total.amount < MIN_CART_FOR_CALL) return;
  const standing = (await standingsOf(tx, [profileId], now)).get(profileId)!;
  const verdict = judge(now, standing, 'call-centre', 'marketing');
  const mayCall = verdict.decision === 'allow' || verdict.rule === 'quiet-hours';
  const cart = { ...data, lastTouchedAt: new Date(data.lastTouchedAt) };
  const notBefore = verdict.decision === 'defer' ? verdict.notBefore : now;
  const storeId = await herStore(tx, standing.profiles);
  const draft = cartTask(cart, profileId, storeId, languageOf(standing.language), notBefore);
  const taskId = mayCall ? await createTask(tx, draft, standing.customerId, now) : null;
  await recordAttempt(tx, {
    id: newId(),
    profileId,
    channel: 'call-centre',
    purpose: 'marketing',
    verdict,
    actor: 'abandoned-cart',
    storeId,
    taskId,
    reached: false,
    at: now,
  });
}

/** Carts that saw something new: she is back, or done. */
const CARTS_MOVED = `
  update task set state = 'dropped', outcome = 'cart-changed', completed_at = $2, completed_by = 'inventory'
   where cart_id = any($1::uuid[]) and state in ('open', 'claimed')`;

export async function followCarts(
  tx: Tx,
  events: readonly EventOf<'inventory.cart.changed.v1'>[],
  now: Date,
): Promise<void> {
  await sql(tx, { name: 'task-carts-moved', text: CARTS_MOVED, values: [events.map((e) => e.data.cartId), now] });
}
