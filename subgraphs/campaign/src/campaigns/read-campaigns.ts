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

/** Two counts by index instead of a join of both: a campaign may mean everybody. */
const PROGRESS = `
  select c.id, m.members, m.held_out as "heldOut", g.sent, g.denied, g.failed, m.members - m.held_out - g.sent - g.denied - g.failed as waiting
    from unnest($1::uuid[]) as c (id)
   cross join lateral (
     select count(*)::int as members, (count(*) filter (where held_out))::int as held_out from campaign_member where campaign_id = c.id) m
   cross join lateral (
     select (count(*) filter (where state = 'sent'))::int as sent, (count(*) filter (where state in ('denied', 'cancelled')))::int as denied,
            (count(*) filter (where state in ('failed', 'unknown', 'not-configured')))::int as failed
       from message where campaign_id = c.id) g`;

export async function loadProgress(ids: readonly string[], ctx: Context): Promise<CampaignProgress[]> {
  const rows = await sql<CampaignProgress & { id: string }>(ctx.database, PROGRESS, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)!);
}
