import { sql, type Tx } from '@trenza/database';
import { foldSignals, HALF_LIFE_SECONDS, type Signal } from './intent.ts';
import { BASELINE_WINDOWS, WINDOW_HOURS } from './spike.ts';

const HOUR_MS = 3_600_000;
/** Signals are kept as evidence as long as a spike can be judged by them; older ones (imported history) only add to the strength. */
const SIGNAL_RETENTION_HOURS = (BASELINE_WINDOWS + 1) * WINDOW_HOURS;

/**
 * Adds decayed strengths, whichever of the two is the older. The exponent is bounded because PostgreSQL takes an underflow for an error;
 * 2^-1000 is nothing either way.
 */
const ADD = `
  insert into intent as known (profile_id, kind, topic, strength, half_life_seconds, last_at)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::int[], $6::timestamptz[])
      as said (profile_id, kind, topic, strength, half_life_seconds, last_at)
   order by profile_id, kind, topic
  on conflict (profile_id, kind, topic) do update
     set strength = known.strength * power(2, greatest(-1000, least(0, extract(epoch from known.last_at - excluded.last_at)::float8 / known.half_life_seconds)))
                  + excluded.strength * power(2, greatest(-1000, least(0, extract(epoch from excluded.last_at - known.last_at)::float8 / known.half_life_seconds))),
         last_at = greatest(known.last_at, excluded.last_at)`;

const KEEP = `
  insert into intent_signal (event_id, profile_id, topic, weight, at)
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::timestamptz[])
  on conflict do nothing`;

/** Two statements for any number of signals. */
export async function recordSignals(tx: Tx, signals: readonly Signal[], now: Date): Promise<void> {
  const changes = foldSignals(signals);
  if (changes.length === 0) return;
  await sql(tx, {
    name: 'intent-add',
    text: ADD,
    values: [
      changes.map((c) => c.profileId),
      changes.map((c) => c.kind),
      changes.map((c) => c.topic),
      changes.map((c) => c.strength),
      changes.map((c) => HALF_LIFE_SECONDS[c.kind]),
      changes.map((c) => c.lastAt),
    ],
  });
  const oldest = now.getTime() - SIGNAL_RETENTION_HOURS * HOUR_MS;
  const evidence = signals.filter((s) => s.weight > 0 && s.at.getTime() >= oldest);
  if (evidence.length === 0) return;
  await sql(tx, {
    name: 'intent-keep',
    text: KEEP,
    values: [
      evidence.map((s) => s.eventId),
      evidence.map((s) => s.profileId),
      evidence.map((s) => s.topic),
      evidence.map((s) => s.weight),
      evidence.map((s) => s.at),
    ],
  });
}
