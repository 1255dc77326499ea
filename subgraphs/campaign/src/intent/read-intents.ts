import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { Product, reference, Store } from '../facts/catalogue.type.ts';
import { CUSTOMERS } from '../policy/standing.ts';
import type { CustomerIntent, IntentSpike } from './intent.type.ts';

export interface IntentsKey {
  customerId: string;
  first: number;
}

/** Summed over her profiles: two profiles of one customer that look for the same thing are one intent. */
const INTENTS = `
  with ${CUSTOMERS}
  select c.id, top.*, coalesce(p.name, s.name) as name
    from customer c
    cross join lateral (
      select kind, topic, max(half_life_seconds) as "halfLifeSeconds", max(last_at) as "lastAt",
             sum(strength * power(2, greatest(-1000, least(0, -extract(epoch from $2::timestamptz - last_at)::float8 / half_life_seconds)))) as strength
        from intent where profile_id = any(c.profiles)
       group by kind, topic order by 5 desc, topic limit $3) top
    left join product p on p.product_id = case when topic like 'product:%' then substr(topic, 9)::uuid end
    left join store s on s.store_id = case when topic like 'store:%' then substr(topic, 7)::uuid end
   order by c.id, top.strength desc, top.topic`;

interface IntentRow extends CustomerIntent {
  id: string;
  name: string | null;
}

/** Strengths that have faded to nothing are not shown. */
const FADED = 0.01;

export async function loadIntents(keys: readonly IntentsKey[], ctx: Context): Promise<CustomerIntent[][]> {
  const most = Math.max(...keys.map((k) => k.first));
  const rows = await sql<IntentRow>(ctx.database, {
    name: 'intents',
    text: INTENTS,
    values: [keys.map((k) => k.customerId), ctx.now(), most],
  });
  const byCustomer = Map.groupBy(rows, (row) => row.id);
  return keys.map(({ customerId, first }) =>
    (byCustomer.get(customerId) ?? [])
      .filter((row) => row.strength >= FADED)
      .slice(0, first)
      .map(({ name, ...row }) => {
        const [type, value] = split(row.topic);
        return {
          ...row,
          label: name ?? value,
          product: type === 'product' ? reference(Product, value) : null,
          store: type === 'store' ? reference(Store, value) : null,
        };
      }),
  );
}

const split = (topic: string): [string, string] => {
  const colon = topic.indexOf(':');
  return [topic.slice(0, colon), topic.slice(colon + 1)];
};

const SPIKES = `
  with ${CUSTOMERS}
  select c.id as customer, k.id, k.topic, k.signals, k.own_baseline as "ownBaseline", k.peer_baseline as "peerBaseline", k.probability, k.spiked_at as "spikedAt",
         (select coalesce(jsonb_agg(jsonb_build_object('eventId', s.event_id, 'weight', s.weight, 'at', s.at) order by s.at desc), '[]')
            from intent_signal s where s.profile_id = any(c.profiles) and s.topic = k.topic and s.event_id = any(k.evidence)) as evidence
    from customer c
    cross join lateral (select * from intent_spike where profile_id = any(c.profiles) order by spiked_at desc limit $2) k
   order by c.id, k.spiked_at desc`;

export async function loadSpikes(keys: readonly IntentsKey[], ctx: Context): Promise<IntentSpike[][]> {
  const most = Math.max(...keys.map((k) => k.first));
  const rows = await sql<IntentSpike & { customer: string; evidence: { at: string | Date }[] }>(ctx.database, {
    name: 'spikes',
    text: SPIKES,
    values: [keys.map((k) => k.customerId), most],
  });
  for (const row of rows) for (const e of row.evidence) e.at = new Date(e.at);
  const byCustomer = Map.groupBy(rows, (row) => row.customer);
  return keys.map(({ customerId, first }) => (byCustomer.get(customerId) ?? []).slice(0, first));
}
