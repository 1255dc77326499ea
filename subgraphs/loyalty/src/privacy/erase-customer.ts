import { keepOut } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent, type EventOf } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { forfeit } from '../points/ledger.ts';
import { post } from '../points/post.ts';
import { expiredEvents, openPurses } from '../points/purse.ts';
import { voidHold } from '../points/release-holds.ts';
import { referenceOf } from '../programme/reference.ts';

/**
 * Erasure. The ledger stays, because it is the retailer's books: it holds pseudonymous profile ids, numbers and dates. What could tell who
 * she was or what she did is removed: facts of occasions, order lines, free-text reasons. What she had left is forfeited: nobody can
 * spend it any more, so the retailer owes it to nobody.
 */
export async function eraseCustomer(
  tx: Tx,
  { data, profileId, customerId }: EventOf<'identity.customer.erasure-requested.v1'>,
  { clock }: Pick<Deps, 'clock'>,
): Promise<void> {
  const { requestId, profileIds } = data;
  await keepOut(tx, profileIds, clock.now());
  const forfeited = await closeAccounts(tx, profileIds, requestId, clock.now());
  const count = async (statement: string): Promise<number> =>
    (await sql(tx, `${statement} returning 1`, [profileIds])).length;
  const removed = {
    orderSnapshots: await count('delete from order_points where profile_id = any($1)'),
    orderReturns: await count('delete from order_return where profile_id = any($1)'),
    qualifications: await count('delete from qualification where profile_id = any($1)'),
    standings: await count('delete from tier_standing where customer_id = any($1)'),
    birthdays: await count('delete from birthday where profile_id = any($1)'),
    freezes: await count('delete from account_freeze where profile_id = any($1)'),
    ruleUsage: await count('delete from rule_usage where profile_id = any($1)'),
  };
  const anonymised = {
    vouchers: await count(
      `update voucher set status = 'cancelled' where profile_id = any($1) and status = 'active' and uses = 0`,
    ),
    staffAwards: await count('update staff_award set profile_id = null where profile_id = any($1)'),
    // The row stays, without what was in it: an order that is imported once more must not earn once more.
    occasions: await count(`update occasion set facts = '{}', outcomes = '[]' where profile_id = any($1)`),
    transfers: await count('update transfer set reason = null where profile_id = any($1) and reason is not null'),
  };
  await publish(tx, [
    ...forfeited,
    event('loyalty.customer.erased.v1', {
      profileId,
      customerId,
      occurredAt: clock.now(),
      data: { requestId, removed, anonymised },
    }),
  ]);
}

async function closeAccounts(tx: Tx, profileIds: readonly string[], requestId: string, now: Date): Promise<AnyEvent[]> {
  const holdIds = await sql<{ id: string }>(
    tx,
    `select id from points_hold where profile_id = any($1) and state = 'open'`,
    [profileIds],
  );
  for (const { id } of holdIds)
    await voidHold(tx, { holdId: id, reason: 'account closed' }, { clock: { now: () => now } });
  const events: AnyEvent[] = [];
  for (const currency of (await referenceOf(tx)).currencies.keys()) {
    for (const [profileId, purse] of await openPurses(tx, profileIds, currency, now)) {
      const own = purse.holdings.lots.filter((lot) => lot.profileId === profileId && lot.remaining > 0);
      const closing = {
        key: `erase:${requestId}:${profileId}`,
        currency,
        entry: forfeit({ lots: own, owed: new Map() }, now, newId),
      };
      events.push(...expiredEvents({ ...purse, settlement: [closing] }));
      post(tx, [closing], now);
    }
  }
  return events;
}
