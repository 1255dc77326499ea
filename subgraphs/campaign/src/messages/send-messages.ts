import { inTransaction, sql, type Tx } from '@trenza/database';
import { resolveCustomers } from '@trenza/customers';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { claimMessages, sentEvent } from './claim-messages.ts';
import type { Deliver, Delivery, Outgoing } from './delivery.ts';
import { CLAIM_TIMEOUT_MINUTES, MAX_ATTEMPTS, retryAt, type MessageRow } from './message.ts';
import { recordMessageOutcome } from './message-outcome.ts';

/** Turns of one run: the job is called again in a second, and its lock must not be held for ever. */
const MAX_TURNS = 50;

const ABANDONED = `
  update message set state = 'unknown', reason = 'The process ended while it was being sent: it may or may not have gone out. Retry it only if a second copy does no harm.'
   where state = 'sending' and claimed_at < $1`;

/** Sends what is due. Two transactions per turn, and between them the outside world: what is claimed in the first is nobody else's. */
export async function sendDueMessages({ database, clock, keys }: Deps, deliver: Deliver): Promise<number> {
  await sql(database, ABANDONED, [new Date(clock.now().getTime() - CLAIM_TIMEOUT_MINUTES * 60_000)]);
  let sent = 0;
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const { outgoing, looked } = await inTransaction(database, (tx) => claimMessages(tx, clock.now(), keys));
    if (looked === 0) break;
    const deliveries = await Promise.all(
      outgoing.map(async (message) => ({ message, delivery: await attempt(deliver, message) })),
    );
    await inTransaction(database, (tx) => recordDeliveries(tx, deliveries, clock.now()));
    sent += deliveries.filter((d) => d.delivery.kind === 'sent').length;
  }
  return sent;
}

/** One bad recipient must not keep the others from being written down. */
async function attempt(deliver: Deliver, message: Outgoing): Promise<Delivery> {
  try {
    return await deliver(message);
  } catch (error) {
    return {
      kind: 'unknown',
      reason: `Sending broke off (${(error as Error).name}). Nobody can tell whether it went out.`,
    };
  }
}

const RESULT = `
  update message set state = $2, reason = $3, not_before = coalesce($4, not_before), sent_at = $5, provider_id = $6
   where id = $1 and state = 'sending'
  returning *`;
const NOT_REACHED = 'update contact_attempt set reached = false where message_id = $1 and reached';

async function recordDeliveries(
  tx: Tx,
  deliveries: readonly { message: Outgoing; delivery: Delivery }[],
  now: Date,
): Promise<void> {
  for (const { message, delivery } of deliveries) {
    const [attempts] = await sql<{ attempts: number }>(tx, 'select attempts from message where id = $1', [
      message.messageId,
    ]);
    const end = endOf(delivery, attempts?.attempts ?? MAX_ATTEMPTS, now);
    const [row] = await sql<MessageRow>(tx, RESULT, [
      message.messageId,
      end.state,
      end.reason,
      end.notBefore,
      end.state === 'sent' ? now : null,
      delivery.kind === 'sent' ? delivery.providerId : null,
    ]);
    if (!row) continue;
    if (end.state !== 'sent' && end.state !== 'unknown') await sql(tx, NOT_REACHED, [row.id]);
    if (end.state === 'sent')
      await publish(tx, [sentEvent(row, (await resolveCustomers(tx, [row.profile_id]))[0]!, row.subject, now)]);
    if (end.state === 'failed')
      await recordMessageOutcome(tx, row.id, end.bounced ? 'bounced' : 'failed', end.reason, now);
  }
}

interface End {
  state: MessageRow['state'];
  reason: string;
  notBefore: Date | null;
  bounced: boolean;
}

/** What a delivery makes of a message; pure. */
function endOf(delivery: Delivery, attempts: number, now: Date): End {
  const end = (state: MessageRow['state'], reason: string, over: Partial<End> = {}): End => ({
    state,
    reason,
    notBefore: null,
    bounced: false,
    ...over,
  });
  if (delivery.kind === 'sent') return end('sent', 'The server took it.');
  if (delivery.kind === 'unknown') return end('unknown', delivery.reason);
  if (delivery.kind === 'not-configured') return end('not-configured', delivery.reason);
  const { reason, retry, bounced } = delivery;
  if (retry && attempts < MAX_ATTEMPTS) {
    const notBefore = retryAt(now, attempts);
    return end(
      'queued',
      `${reason} Tried ${attempts} of ${MAX_ATTEMPTS} times; the next try is at ${notBefore.toISOString()}.`,
      { notBefore },
    );
  }
  return end('failed', retry ? `${reason} Given up after ${attempts} tries.` : reason, { bounced });
}
