import { inTransaction, sql, type Tx } from '@trenza/database';
import { newId, type Channel } from '@trenza/events';
import type { Context, Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import type { Purpose } from '../policy/contact-policy.ts';
import { enrolAudience } from '../segments/audience.ts';
import { expandSegments } from '../segments/saved-segments.ts';
import { compileRule } from '../segments/rule.ts';
import { queueMessages } from '../messages/queue-messages.ts';
import type { CreateCampaignInput, LaunchCampaignInput } from './campaign.type.ts';
import { findCampaign, type CampaignRow } from './read-campaigns.ts';

const MAX_NAME_LENGTH = 100;
const MAX_PRIORITY = 100;
const MAX_HOLD_OUT = 0.5;
/** Members that get their message in one transaction. */
const MEMBER_BATCH = 1_000;
/** Batches of one run of the job. */
const MAX_BATCHES = 100;

const CREATE = `
  insert into campaign (id, name, template_id, channel, purpose, audience, priority, hold_out, status, created_by, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, 'draft', $9, $10)`;

export async function createCampaign(
  tx: Tx,
  input: CreateCampaignInput,
  { caller, now }: Pick<Context, 'caller' | 'now'>,
): Promise<string> {
  const { templateId, channel, audience } = input;
  const name = input.name.trim();
  const priority = input.priority ?? 0;
  const holdOut = input.holdOut ?? 0;
  const refuse = (code: string, message: string, field: string): never => {
    throw new DomainError(code, message, ['input', field]);
  };
  if (!name || name.length > MAX_NAME_LENGTH)
    refuse('INVALID_NAME', `A name has 1 to ${MAX_NAME_LENGTH} characters, this one has ${name.length}.`, 'name');
  if (priority < 0 || priority > MAX_PRIORITY)
    refuse('INVALID_PRIORITY', `A priority is 0 to ${MAX_PRIORITY}, ${priority} was given.`, 'priority');
  if (!(holdOut >= 0 && holdOut <= MAX_HOLD_OUT))
    refuse('INVALID_HOLD_OUT', `A hold-out is 0 to ${MAX_HOLD_OUT}, ${holdOut} was given.`, 'holdOut');
  const [text] = await sql(tx, 'select 1 from template_variant where template_id = $1 and channel = $2', [
    templateId,
    channel,
  ]);
  if (!text)
    refuse(
      'TEMPLATE_NOT_FOUND',
      `There is no template ${templateId} with a text for ${channel}. Save one first.`,
      'templateId',
    );
  compileRule(await expandSegments(tx, audience));
  const id = newId();
  await sql(tx, CREATE, [
    id,
    name,
    templateId,
    channel,
    input.purpose ?? 'marketing',
    JSON.stringify(audience),
    priority,
    holdOut,
    caller.subject,
    now(),
  ]);
  return id;
}

const SCHEDULE = `update campaign set status = 'scheduled', send_at = $2 where id = $1 and status = 'draft' returning id`;

/** Launching a second time changes nothing. */
export async function launchCampaign(
  tx: Tx,
  { campaignId, sendAt }: LaunchCampaignInput,
  now: Date,
): Promise<CampaignRow> {
  const campaign = await mustFind(tx, campaignId);
  if (campaign.status === 'cancelled')
    throw new DomainError('CAMPAIGN_CANCELLED', 'The campaign was cancelled. Create a new one.', [
      'input',
      'campaignId',
    ]);
  await sql(tx, SCHEDULE, [campaignId, sendAt ?? now]);
  return mustFind(tx, campaignId);
}

const CANCEL_MESSAGES = `
  update message set state = 'cancelled', reason = 'The campaign was cancelled.' where campaign_id = $1 and state = 'queued'`;

/** What is on its way arrives; what waits is not sent any more. */
export async function cancelCampaign(tx: Tx, campaignId: string): Promise<CampaignRow> {
  await mustFind(tx, campaignId);
  await sql(tx, `update campaign set status = 'cancelled' where id = $1`, [campaignId]);
  await sql(tx, CANCEL_MESSAGES, [campaignId]);
  return mustFind(tx, campaignId);
}

async function mustFind(tx: Tx, id: string): Promise<CampaignRow> {
  const campaign = await findCampaign(tx, id);
  if (!campaign) throw new DomainError('CAMPAIGN_NOT_FOUND', `There is no campaign ${id}.`, ['input', 'campaignId']);
  return campaign;
}

const DUE = `select * from campaign where status = 'scheduled' and send_at <= $1 order by priority desc, send_at limit 1 for update skip locked`;

/** Determines the audience of what is due and puts its messages in line, a bounded piece at a time. */
export async function launchDueCampaigns({ database, clock }: Deps): Promise<void> {
  const launched = await inTransaction(database, async (tx) => {
    const now = clock.now();
    const [campaign] = await sql<CampaignRow>(tx, DUE, [now]);
    if (!campaign) return false;
    const audience = await expandSegments(tx, campaign.audience);
    await enrolAudience(tx, campaign.id, audience, campaign.hold_out, now);
    await sql(tx, `update campaign set status = 'launched', launched_at = $2 where id = $1`, [campaign.id, now]);
    return true;
  });
  for (let i = 0; i < MAX_BATCHES; i++)
    if ((await inTransaction(database, (tx) => queueMembers(tx, clock.now()))) === 0) break;
  if (launched) await launchDueCampaigns({ database, clock } as Deps);
}

const TAKE_MEMBERS = `
  with waiting as (
    select m.campaign_id, m.profile_id from campaign_member m join campaign c on c.id = m.campaign_id
     where m.queued_at is null and not m.held_out and c.status = 'launched'
     order by m.campaign_id, m.profile_id limit ${MEMBER_BATCH} for update of m skip locked)
  update campaign_member m set queued_at = $1 from waiting w, campaign c, template t
   where m.campaign_id = w.campaign_id and m.profile_id = w.profile_id and c.id = m.campaign_id and t.id = c.template_id
  returning m.profile_id, m.campaign_id, c.channel, c.purpose, c.priority, c.template_id, t.name as template`;

interface MemberRow {
  profile_id: string;
  campaign_id: string;
  channel: Channel;
  purpose: Purpose;
  priority: number;
  template_id: string;
  template: string;
}

async function queueMembers(tx: Tx, now: Date): Promise<number> {
  const members = await sql<MemberRow>(tx, { name: 'campaign-take-members', text: TAKE_MEMBERS, values: [now] });
  const messages = members.map((m) => ({
    profileId: m.profile_id,
    campaignId: m.campaign_id,
    channel: m.channel,
    purpose: m.purpose,
    priority: m.priority,
    templateId: m.template_id,
    template: m.template,
    variables: {},
    // Entering the audience again is no reason to be written to again.
    idempotencyKey: `campaign:${m.campaign_id}:${m.profile_id}`,
    notBefore: now,
  }));
  if (messages.length > 0) await queueMessages(tx, messages, now);
  return members.length;
}
