import { sql, type Tx } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import type { DataSource } from 'typeorm';
import { findTemplates, templateFrom } from '../messages/templates.ts';
import type { CampaignTemplate } from '../messages/message.type.ts';
import type { Rule } from '../segments/rule.ts';
import type { CampaignDefinition, CampaignProgress } from './campaign.type.ts';

export interface CampaignRow {
  id: string;
  name: string;
  template_id: string;
  channel: string;
  purpose: string;
  audience: Rule;
  priority: number;
  hold_out: number;
  status: string;
  send_at: Date | null;
  created_at: Date;
  launched_at: Date | null;
}

/** `template` and `progress` have loaders of their own. */
export const campaignFrom = (row: CampaignRow): CampaignDefinition => ({
  id: row.id,
  name: row.name,
  templateId: row.template_id,
  channel: row.channel,
  purpose: row.purpose,
  audience: row.audience,
  priority: row.priority,
  holdOut: row.hold_out,
  status: row.status,
  sendAt: row.send_at,
  createdAt: row.created_at,
  launchedAt: row.launched_at,
});

export async function findCampaign(db: Tx | DataSource, id: string): Promise<CampaignRow | undefined> {
  return (await sql<CampaignRow>(db, 'select * from campaign where id = $1', [id]))[0];
}

const LIST = `
  select * from campaign where $1::timestamptz is null or (created_at, id) < ($1, $2::uuid) order by created_at desc, id desc limit $3`;

export const listCampaigns = (db: DataSource, after: [string, string] | null, limit: number): Promise<CampaignRow[]> =>
  sql<CampaignRow>(db, LIST, [after?.[0] ?? null, after?.[1] ?? null, limit]);

export async function loadTemplates(ids: readonly string[], ctx: Context): Promise<CampaignTemplate[]> {
  const templates = await findTemplates(ctx.database, ids);
  return ids.map((id) => templateFrom(templates.get(id)!));
}

const PROGRESS = `
  select c.id, count(m.*)::int as members, (count(*) filter (where m.held_out))::int as "heldOut",
         (count(*) filter (where not m.held_out and (g.id is null or g.state in ('queued', 'sending'))))::int as waiting,
         (count(*) filter (where g.state = 'sent'))::int as sent,
         (count(*) filter (where g.state in ('denied', 'cancelled')))::int as denied,
         (count(*) filter (where g.state in ('failed', 'unknown', 'not-configured')))::int as failed
    from unnest($1::uuid[]) as c (id)
    left join campaign_member m on m.campaign_id = c.id
    left join message g on g.campaign_id = m.campaign_id and g.profile_id = m.profile_id
   group by 1`;

export async function loadProgress(ids: readonly string[], ctx: Context): Promise<CampaignProgress[]> {
  const rows = await sql<CampaignProgress & { id: string }>(ctx.database, PROGRESS, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)!);
}
