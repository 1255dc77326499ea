import { inTransaction, sql, type Tx } from '@trenza/database';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { claimMessages, sentEvent, type Claim } from './claim-messages.ts';
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
    const { claims, looked } = await inTransaction(database, (tx) => claimMessages(tx, clock.now(), keys));
    if (looked === 0) break;
    const delivered = await Promise.all(
      claims.map(async (claim) => ({ claim, delivery: await attempt(deliver, claim.outgoing) })),
    );
    if (delivered.length > 0) await inTransaction(database, (tx) => recordDeliveries(tx, delivered, clock.now()));
    sent += delivered.filter((d) => d.delivery.kind === 'sent').length;
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

const RESULTS = `
  update message m
     set state = r.state, reason = r.reason, not_before = coalesce(r.not_before, m.not_before), provider_id = r.provider_id,
         sent_at = case when r.state = 'sent' then $6::timestamptz end
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[]) as r (id, state, reason, not_before, provider_id)
   where m.id = r.id and m.state = 'sending'
  returning m.id`;
const NOT_REACHED = 'update contact_attempt set reached = false where message_id = any($1::uuid[]) and reached';

interface Delivered {
  claim: Claim;
  delivery: Delivery;
}

async function recordDeliveries(tx: Tx, delivered: readonly Delivered[], now: Date): Promise<void> {
  const results = delivered.map(({ claim, delivery }) => ({
    claim,
    delivery,
    end: endOf(delivery, claim.message.attempts, now),
  }));
  const written = await sql<{ id: string }>(tx, {
    name: 'message-results',
    text: RESULTS,
    values: [
      results.map((r) => r.claim.message.id),
      results.map((r) => r.end.state),
      results.map((r) => r.end.reason),
      results.map((r) => r.end.notBefore),
      results.map((r) => (r.delivery.kind === 'sent' ? r.delivery.providerId : null)),
      now,
    ],
  });
  const ours = new Set(written.map((row) => row.id));
  const told = results.filter((r) => ours.has(r.claim.message.id));
  const lost = told.filter((r) => r.end.state !== 'sent' && r.end.state !== 'unknown');
  if (lost.length > 0) await sql(tx, NOT_REACHED, [lost.map((r) => r.claim.message.id)]);
  const sent = told.filter((r) => r.end.state === 'sent');
  await publish(
    tx,
    sent.map(({ claim: { message, customerId } }) => sentEvent(message, customerId, message.subject, now)),
  );
  for (const { claim, end } of told.filter((r) => r.end.state === 'failed'))
    await recordMessageOutcome(tx, claim.message.id, end.bounced ? 'bounced' : 'failed', end.reason, now);
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
