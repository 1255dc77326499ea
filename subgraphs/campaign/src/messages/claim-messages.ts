import { signPromise, type Keys } from '@trenza/auth';
import { sql, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { CAPPED, isPush, type Verdict } from '../policy/contact-policy.ts';
import { recordAttempts, type Attempt } from '../policy/record-attempt.ts';
import { addressOf, judge, standingsOf, type Standing } from '../policy/standing.ts';
import { INBOX_CHANNELS, MAX_WAIT_DAYS, type MessageRow } from './message.ts';
import { render, variantFor, type Rendered, type Variant } from './render.ts';
import type { Outgoing } from './delivery.ts';

/** What one turn sends at once: enough to keep the mail server busy, few enough to be told apart when the process dies. */
const CLAIM_BATCH = 100;
const DAY_MS = 86_400_000;
const UNSUBSCRIBE_DAYS = 730;

const CLAIM = `
  with due as (select id from message where state = 'queued' and not_before <= $1 order by priority desc, not_before, id limit ${CLAIM_BATCH} for update skip locked)
  update message m set state = 'sending', claimed_at = $1, attempts = attempts + 1 from due where m.id = due.id
  returning m.*`;

/** Campaigns of this batch that reached these people before, under whichever profile. */
const REPEATS = `
  select campaign_id, profile_id from message
   where campaign_id = any($1::uuid[]) and profile_id = any($2::uuid[]) and state in ('sent', 'unknown')`;

const VARIANTS =
  'select template_id, channel, language, subject, body from template_variant where template_id = any($1::uuid[])';

const SETTLE = `
  update message m
     set state = s.state, reason = s.reason, not_before = coalesce(s.not_before, m.not_before), language = s.language, subject = s.subject, body = s.body,
         sent_at = case when s.state = 'sent' then $8::timestamptz end, attempts = m.attempts - s.given_back
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $9::int[])
      as s (id, state, reason, not_before, language, subject, body, given_back)
   where m.id = s.id`;

/** A message on its way, with what is needed to write down what became of it. */
export interface Claim {
  message: MessageRow;
  customerId: string;
  outgoing: Outgoing;
}

export interface Claimed {
  claims: Claim[];
  /** How many messages were looked at; none means that nothing is due. */
  looked: number;
}

interface Judged {
  message: MessageRow;
  standing: Standing;
  verdict: Verdict;
  variant?: Variant;
  rendered?: Rendered;
  unsubscribeUrl?: string;
  failure?: string;
}

/**
 * Takes what is due, asks the contact policy once more, renders what may go out and commits that it is being sent, before anything is. Whatever
 * happens after that, a message is in no other hands.
 */
export async function claimMessages(tx: Tx, now: Date, keys: Keys): Promise<Claimed> {
  const messages = (await sql<MessageRow>(tx, { name: 'message-claim', text: CLAIM, values: [now] })).sort(
    bySendingOrder,
  );
  if (messages.length === 0) return { claims: [], looked: 0 };
  const standings = await sharedStandings(tx, messages, now);
  const reached = await campaignsThatReached(tx, messages, standings);
  const variants = await sql<Variant & { template_id: string }>(tx, VARIANTS, [messages.map((m) => m.template_id)]);
  const judged: Judged[] = [];
  for (const message of messages) {
    const standing = standings.get(message.profile_id)!;
    const verdict = judgeMessage(message, standing, reached, now);
    const one: Judged = { message, standing, verdict };
    if (verdict.decision === 'allow') {
      await write(one, variants, keys, now);
      if (!one.failure) count(one, reached, now);
    }
    judged.push(one);
  }
  await settle(tx, judged, now);
  return { claims: judged.filter(goesOut).map(claimOf), looked: messages.length };
}

const bySendingOrder = (a: MessageRow, b: MessageRow): number =>
  b.priority - a.priority || a.not_before.getTime() - b.not_before.getTime() || (a.id < b.id ? -1 : 1);

const goesOut = ({ verdict, message, failure }: Judged): boolean =>
  verdict.decision === 'allow' && !failure && !INBOX_CHANNELS.includes(message.channel);

/** One standing per customer, shared by all profiles of hers: what is sent to one of them counts for the others. */
async function sharedStandings(tx: Tx, messages: readonly MessageRow[], now: Date): Promise<Map<string, Standing>> {
  const byProfile = await standingsOf(
    tx,
    messages.map((m) => m.profile_id),
    now,
  );
  const byCustomer = new Map<string, Standing>();
  for (const [profile, standing] of byProfile) {
    const shared = byCustomer.get(standing.customerId) ?? standing;
    byCustomer.set(standing.customerId, shared);
    byProfile.set(profile, shared);
  }
  return byProfile;
}

const pair = (campaignId: string, customerId: string): string => `${campaignId} ${customerId}`;

async function campaignsThatReached(
  tx: Tx,
  messages: readonly MessageRow[],
  standings: ReadonlyMap<string, Standing>,
): Promise<Set<string>> {
  const campaigns = [...new Set(messages.map((m) => m.campaign_id).filter((id) => id !== null))];
  if (campaigns.length === 0) return new Set();
  const customerOf = new Map([...standings.values()].flatMap((s) => s.profiles.map((p) => [p, s.customerId] as const)));
  const rows = await sql<{ campaign_id: string; profile_id: string }>(tx, REPEATS, [campaigns, [...customerOf.keys()]]);
  return new Set(rows.map((row) => pair(row.campaign_id, customerOf.get(row.profile_id)!)));
}

function judgeMessage(message: MessageRow, standing: Standing, reached: ReadonlySet<string>, now: Date): Verdict {
  if (message.campaign_id && reached.has(pair(message.campaign_id, standing.customerId)))
    return {
      decision: 'deny',
      rule: 'repeat',
      reason: 'This campaign has reached her already, under another profile of hers.',
    };
  if (now.getTime() - message.created_at.getTime() > MAX_WAIT_DAYS * DAY_MS)
    return {
      decision: 'deny',
      rule: 'expired',
      reason: `It waited for more than ${MAX_WAIT_DAYS} days and has become pointless.`,
    };
  if (message.not_after && message.not_after <= now)
    return {
      decision: 'deny',
      rule: 'expired',
      reason: `It was of use until ${message.not_after.toISOString()} and could not go out before.`,
    };
  return judge(now, standing, message.channel, message.purpose);
}

function count({ message, standing }: Judged, reached: Set<string>, now: Date): void {
  if (message.campaign_id) reached.add(pair(message.campaign_id, standing.customerId));
  if (CAPPED.includes(message.purpose) && isPush(message.channel))
    standing.past.push({ channel: message.channel, at: now });
}

/** Renders into `one`, or says there why that is impossible. */
async function write(
  one: Judged,
  variants: readonly (Variant & { template_id: string })[],
  keys: Keys,
  now: Date,
): Promise<void> {
  const { message, standing } = one;
  const variant = variantFor(
    variants.filter((v) => v.template_id === message.template_id),
    message.channel,
    standing.language,
  );
  if (!variant) {
    one.failure = `The template “${message.template}” has no text for ${message.channel}. Add one and retry the message.`;
    return;
  }
  if (CAPPED.includes(message.purpose)) one.unsubscribeUrl = await unsubscribeLink(message.id, keys, now);
  const customer = { givenName: standing.givenName ?? '', language: standing.language ?? '' };
  try {
    one.variant = variant;
    one.rendered = render(variant, { ...message.variables, customer, unsubscribeUrl: one.unsubscribeUrl ?? '' });
  } catch (error) {
    one.failure = (error as Error).message;
  }
}

/** Where the retailer's page is that takes `?token=…` and calls the mutation `unsubscribe` with it. */
const unsubscribePage = (): string => process.env['UNSUBSCRIBE_URL'] ?? 'http://localhost:4000/unsubscribe';

async function unsubscribeLink(messageId: string, keys: Keys, now: Date): Promise<string> {
  const until = new Date(now.getTime() + UNSUBSCRIBE_DAYS * DAY_MS);
  return `${unsubscribePage()}?token=${await signPromise(keys, 'unsubscribe', { messageId }, until)}`;
}

function claimOf({ message, standing, rendered, unsubscribeUrl }: Judged): Claim {
  const { subject, body } = rendered!;
  const address = addressOf(standing, message.channel) ?? '';
  const outgoing = {
    messageId: message.id,
    channel: message.channel,
    address,
    subject,
    body,
    ...(unsubscribeUrl && { unsubscribeUrl }),
  };
  return { message: { ...message, subject }, customerId: standing.customerId, outgoing };
}

/** Where a message stands after the policy and the pen: on its way, there, put off or given up. */
function stateOf({ verdict, message, failure }: Judged): {
  state: MessageRow['state'];
  reason: string;
  notBefore: Date | null;
} {
  if (failure) return { state: 'failed', reason: failure, notBefore: null };
  if (verdict.decision === 'deny')
    return { state: verdict.rule === 'expired' ? 'cancelled' : 'denied', reason: verdict.reason, notBefore: null };
  if (verdict.decision === 'defer') return { state: 'queued', reason: verdict.reason, notBefore: verdict.notBefore };
  return {
    state: INBOX_CHANNELS.includes(message.channel) ? 'sent' : 'sending',
    reason: verdict.reason,
    notBefore: null,
  };
}

async function settle(tx: Tx, judged: readonly Judged[], now: Date): Promise<void> {
  const states = judged.map(stateOf);
  await sql(tx, {
    name: 'message-settle',
    text: SETTLE,
    values: [
      judged.map((j) => j.message.id),
      states.map((s) => s.state),
      states.map((s) => s.reason),
      states.map((s) => s.notBefore),
      judged.map((j) => j.variant?.language ?? null),
      judged.map((j) => j.rendered?.subject ?? null),
      judged.map((j) => j.rendered?.body ?? null),
      now,
      // Being put off is no try.
      judged.map((j) => (j.verdict.decision === 'defer' ? 1 : 0)),
    ],
  });
  await recordAttempts(
    tx,
    judged.map((j) => attemptOf(j, now)),
  );
  await publish(
    tx,
    judged
      .filter((_, i) => states[i]!.state === 'sent')
      .map((j) => sentEvent(j.message, j.standing.customerId, j.rendered!.subject, now)),
  );
}

const attemptOf = ({ message, verdict, failure }: Judged, now: Date): Attempt => ({
  id: newId(),
  profileId: message.profile_id,
  channel: message.channel,
  purpose: message.purpose,
  verdict,
  actor: message.campaign_id ? 'campaign' : 'message',
  campaignId: message.campaign_id,
  messageId: message.id,
  // Counted from the moment it is on its way, and taken back if it did not arrive: so that the next one in line sees it.
  reached: verdict.decision === 'allow' && !failure,
  at: now,
});

export const sentEvent = (
  message: Pick<MessageRow, 'id' | 'profile_id' | 'campaign_id' | 'channel' | 'purpose' | 'template'>,
  customerId: string,
  subject: string | null,
  now: Date,
): AnyEvent =>
  event('campaign.message.sent.v1', {
    profileId: message.profile_id,
    customerId,
    occurredAt: now,
    data: {
      messageId: message.id,
      campaignId: message.campaign_id,
      channel: message.channel,
      purpose: message.purpose,
      template: message.template,
      subject,
    },
  });
