import fastify from 'fastify';
import { Pool } from 'pg';
import { CAMPAIGN, FEEDBACK, IDENTITY, INVENTORY, LOYALTY, type Statement } from './plain-statements.ts';

/**
 * What a team would write instead of the graph: one Fastify endpoint that reads one customer out of the five databases with plain pg
 * and hand-written SQL. It checks no token and no rule, validates nothing, and can answer this one question only.
 */
const databases = JSON.parse(process.env['DATABASES'] ?? '{}') as Record<string, string>;
/** As many connections in all as the five subgraphs have. */
const POOL_SIZE = 10;
const pool = (name: string): Pool => new Pool({ connectionString: databases[name] ?? '', max: POOL_SIZE });
const identity = pool('identity');
const others: [Pool, Record<string, Statement>][] = [
  [identity, IDENTITY],
  [pool('loyalty'), LOYALTY],
  [pool('inventory'), INVENTORY],
  [pool('campaign'), CAMPAIGN],
  [pool('feedback'), FEEDBACK],
];

const PROFILES = `
  select array_agg(p.id) as profiles, min(p.customer_id::text) as customer, min(p.first_seen_at) as "firstSeenAt", max(p.last_seen_at) as "lastSeenAt"
    from profile p where p.customer_id = (select customer_id from profile where id = $1)`;

interface Parameters {
  id: string;
}
interface Place {
  latitude: string;
  longitude: string;
}

const server = fastify();
server.get<{ Params: Parameters; Querystring: Place }>('/customers/:id', async ({ params, query }) => {
  const {
    rows: [her],
  } = await identity.query<{ profiles: string[]; customer: string }>({
    name: 'profiles',
    text: PROFILES,
    values: [params.id],
  });
  if (!her) return { customer: null };
  const point = [Number(query.latitude), Number(query.longitude)];
  const parts = await Promise.all(
    others.flatMap(([from, statements]) =>
      Object.entries(statements).map(async ([name, { text, near = false, one = false }]) => {
        const { rows } = await from.query({ name, text, values: near ? [her.profiles, ...point] : [her.profiles] });
        return [name, one ? (rows[0] ?? null) : rows] as const;
      }),
    ),
  );
  return { customer: { ...her, ...Object.fromEntries(parts) } };
});

void server
  .listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })
  .then(() => process.stdout.write('listening\n'));
