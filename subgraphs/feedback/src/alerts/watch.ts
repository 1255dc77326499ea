import { sql, type Tx } from '@trenza/database';

interface Scored {
  metric: string;
  channel: string;
  storeId: string | null;
}

/** Notes that there is something new to look at; the job looks within seconds, once per scope however many answers came. */
export async function watch(tx: Tx, answers: readonly Scored[], now: Date): Promise<void> {
  const scopes = answers.flatMap(({ metric, channel, storeId }) => [
    { metric, scope: 'channel', id: channel },
    ...(storeId ? [{ metric, scope: 'store', id: storeId }] : []),
  ]);
  await sql(tx, {
    name: 'watch',
    text: `insert into watch_due (metric, scope, scope_id, since) select distinct m, s, i, $4::timestamptz
             from unnest($1::text[], $2::text[], $3::text[]) as due (m, s, i) order by 1, 2, 3 on conflict do nothing`,
    values: [scopes.map((s) => s.metric), scopes.map((s) => s.scope), scopes.map((s) => s.id), now],
  });
}
