import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { lift, SAMPLE_RATIO_ALARM, sampleRatioProbability } from './lift.ts';
import type { CampaignLift, ExperimentArm, ExperimentDifference } from './lift.type.ts';

export interface LiftKey {
  campaignId: string;
  days: number;
}

/** Orders of each member, under all her profiles, from the moment at which she was put on her side. Both sides were drawn at the same moment, so they are as old. */
const ARMS = `
  with member as (
    select m.campaign_id, m.held_out, m.at, coalesce(c.customer_id, m.profile_id) as customer_id
      from campaign_member m left join customer_profile c on c.profile_id = m.profile_id
     where m.campaign_id = any($1::uuid[])),
  outcome as (
    select m.campaign_id, m.held_out, o.orders, o.spend
      from (select distinct on (campaign_id, customer_id) * from member order by campaign_id, customer_id, at) m
     cross join lateral (
       select count(*) as orders, coalesce(sum(c.value), 0)::float8 as spend
         from (select profile_id from customer_profile where customer_id = m.customer_id union select m.customer_id) p
         join conversion c on c.profile_id = p.profile_id
        where c.at >= m.at and c.at < m.at + make_interval(days => $2)) o)
  select campaign_id, held_out, count(*)::int as customers, (count(*) filter (where orders > 0))::int as buyers,
         sum(spend)::float8 as spend, sum(spend * spend)::float8 as spend_squares
    from outcome group by 1, 2`;

interface ArmRow {
  campaign_id: string;
  held_out: boolean;
  customers: number;
  buyers: number;
  spend: number;
  spend_squares: number;
}

const NOBODY = { customers: 0, buyers: 0, spend: 0, spend_squares: 0 };

export async function loadLifts(keys: readonly LiftKey[], ctx: Context): Promise<CampaignLift[]> {
  return Promise.all(keys.map((key) => loadLift(key, ctx)));
}

async function loadLift({ campaignId, days }: LiftKey, ctx: Context): Promise<CampaignLift> {
  const [rows, [campaign]] = await Promise.all([
    sql<ArmRow>(ctx.database, ARMS, [[campaignId], days]),
    sql<{ hold_out: number }>(ctx.database, 'select hold_out from campaign where id = $1', [campaignId]),
  ]);
  const side = (heldOut: boolean) => rows.find((row) => row.held_out === heldOut) ?? NOBODY;
  const [t, h, share] = [side(false), side(true), campaign?.hold_out ?? 0];
  const bought = (row: typeof NOBODY) => ({ customers: row.customers, sum: row.buyers, squares: row.buyers });
  const spent = (row: typeof NOBODY) => ({ customers: row.customers, sum: row.spend, squares: row.spend_squares });
  const rate = lift(bought(t), bought(h), share) ?? null;
  const probability = sampleRatioProbability(t.customers, h.customers, share);
  return {
    days,
    treated: armOf(t),
    heldOut: armOf(h),
    rate,
    spend: lift(spent(t), spent(h), share) ?? null,
    sampleRatioProbability: probability,
    verdict: verdictOf(rate, probability, share),
  };
}

const armOf = ({ customers, buyers, spend }: typeof NOBODY): ExperimentArm => ({
  customers,
  buyers,
  rate: customers === 0 ? 0 : buyers / customers,
  spend: customers === 0 ? 0 : spend / customers,
});

function verdictOf(rate: ExperimentDifference | null, probability: number, share: number): string {
  if (share <= 0) return 'Nobody was held out, so nothing can be said of what the campaign changed.';
  if (probability < SAMPLE_RATIO_ALARM)
    return 'The split is too uneven to be chance: find out why before believing any figure.';
  if (!rate) return 'There are too few customers on a side to say anything yet.';
  const points = (x: number) => `${(100 * x).toFixed(2)} points`;
  if (rate.low > 0) return `It made more customers buy: by ${points(rate.difference)}, at least ${points(rate.low)}.`;
  if (rate.high < 0)
    return `It made fewer customers buy: by ${points(-rate.difference)}, at least ${points(-rate.high)}.`;
  return `No effect is proved yet; it lies between ${points(rate.low)} and ${points(rate.high)}.`;
}
