import { profilesOf } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { assertReason } from '../bounds.ts';

export interface FreezeAccount {
  profileId: string;
  frozen: boolean;
  reason: string;
  by: string;
}

/** Nothing can be spent from a frozen account. Freezing holds for the whole customer while these profiles are hers; every step is kept. */
export async function freezeAccount(
  tx: Tx,
  command: FreezeAccount,
  { clock }: Pick<Deps, 'clock'>,
): Promise<{ frozen: boolean }> {
  const { profileId, frozen, by } = command;
  const reason = command.reason.trim();
  assertReason(reason);
  const now = clock.now();
  const [profiles] = await profilesOf(tx, [profileId]);
  const changed = frozen
    ? await sql(
        tx,
        `insert into account_freeze (profile_id, reason, frozen_by, frozen_at) values ($1, $2, $3, $4) on conflict do nothing returning profile_id`,
        [profileId, reason, by, now],
      )
    : await sql(tx, 'delete from account_freeze where profile_id = any($1) returning profile_id', [profiles]);
  if (changed.length === 0) return { frozen };
  await sql(
    tx,
    `insert into account_freeze_log (profile_id, frozen, reason, decided_by, decided_at) values ($1, $2, $3, $4, $5)`,
    [profileId, frozen, reason, by, now],
  );
  await publish(tx, [event('loyalty.account.frozen.v1', { profileId, occurredAt: now, data: { frozen, reason } })]);
  return { frozen };
}
