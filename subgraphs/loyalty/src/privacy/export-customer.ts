import { sql, type Tx } from '@trenza/database';
import { event, type EventOf } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';

/** Everything that is held here on these profiles, by kind, as plain JSON. */
const KINDS: Record<string, string> = {
  accounts: 'select kind, currency, balance from account where owner_id = any($1) order by currency, kind',
  movements: `select id, code, currency, debit, credit, amount, occurred_at, happened_at, order_id, store_id, channel, reason
                from transfer where profile_id = any($1) order by occurred_at, id`,
  lots: `select id, currency, amount, remaining, pending, unlock_at, expires_at, order_id from lot where profile_id = any($1) order by id`,
  holds:
    'select id, currency, amount, captured, state, order_id, created_at from points_hold where profile_id = any($1) order by id',
  occasions:
    'select source, trigger, occurred_at, facts, outcomes from occasion where profile_id = any($1) order by occurred_at, source',
  qualifications:
    'select source, points, occurred_at from qualification where profile_id = any($1) order by occurred_at, source',
  birthdays: 'select month, day from birthday where profile_id = any($1)',
  vouchers:
    'select code, reward_id, status, uses, valid_from, expires_at from voucher where profile_id = any($1) order by id',
  rewards: 'select reward_id, points, status, issued_at from reward_issue where profile_id = any($1) order by id',
  freezes: 'select reason, frozen_at from account_freeze where profile_id = any($1)',
};

export async function exportCustomer(
  tx: Tx,
  { data, profileId, customerId }: EventOf<'identity.customer.export-requested.v1'>,
  { clock }: Pick<Deps, 'clock'>,
): Promise<void> {
  const document: Record<string, unknown> = {};
  for (const [kind, statement] of Object.entries(KINDS)) document[kind] = await sql(tx, statement, [data.profileIds]);
  await publish(tx, [
    event('loyalty.customer.exported.v1', {
      profileId,
      customerId,
      occurredAt: clock.now(),
      data: { requestId: data.requestId, document: JSON.parse(JSON.stringify(document)) as Record<string, unknown> },
    }),
  ]);
}
