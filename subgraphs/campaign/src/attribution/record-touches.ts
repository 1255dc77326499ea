import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';

interface Touch {
  profileId: string;
  channel: string;
  at: string;
  kind: string;
}

const RECORD = `
  insert into touchpoint as known (profile_id, channel, half_hour, at, kind)
  select distinct on (profile_id, half_hour, channel) profile_id, channel, half_hour, at, kind
    from (select profile_id, channel, date_bin('30 minutes', at, 'epoch') as half_hour, at, kind
            from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[]) as said (profile_id, channel, at, kind)) t
   order by profile_id, half_hour, channel, at
  on conflict (profile_id, half_hour, channel) do update set at = excluded.at, kind = excluded.kind where excluded.at < known.at`;

export async function recordTouches(tx: Tx, touches: readonly Touch[]): Promise<void> {
  if (touches.length === 0) return;
  await sql(tx, {
    name: 'touch-record',
    text: RECORD,
    values: [
      touches.map((t) => t.profileId),
      touches.map((t) => t.channel),
      touches.map((t) => t.at),
      touches.map((t) => t.kind),
    ],
  });
}

/** Longer names of sources are somebody's mistake. */
const MAX_SOURCE_LENGTH = 60;

/** Where she came from, if the channel tells (a search engine, a newsletter), is the contact; else the channel itself. */
export function touchesOfTracked(events: readonly EventOf<'identity.event.tracked.v1'>[]): Touch[] {
  return events.flatMap(({ profileId, occurredAt, data: { channel, kind, properties } }) => {
    const source = properties['utm_medium'] ?? properties['utm_source'] ?? properties['referrer_channel'];
    const name =
      typeof source === 'string' && source.trim() ? source.trim().toLowerCase().slice(0, MAX_SOURCE_LENGTH) : channel;
    return profileId ? [{ profileId, channel: name, at: occurredAt, kind }] : [];
  });
}

const CONVERT = `
  insert into conversion (order_id, profile_id, channel, value, currency, at)
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[]) on conflict do nothing`;

export async function recordConversions(
  tx: Tx,
  orders: readonly EventOf<'inventory.order.completed.v1'>[],
): Promise<void> {
  const known = orders.filter((o) => o.profileId);
  if (known.length === 0) return;
  await sql(tx, {
    name: 'conversion-record',
    text: CONVERT,
    values: [
      known.map((o) => o.data.orderId),
      known.map((o) => o.profileId),
      known.map((o) => o.data.channel),
      known.map((o) => o.data.netAmount),
      known.map((o) => o.data.total.currency),
      known.map((o) => o.occurredAt),
    ],
  });
}
