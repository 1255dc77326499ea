import { sql, type Tx } from '@trenza/database';
import { event, newId, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { unstorableIn } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { findCustomers, type CustomerRow } from '../customers/load.ts';
import { sourceIdentifier } from '../identifiers/identifier.ts';
import { readInstant } from '../ingest/observation.ts';
import { recordTouchpoints } from '../journey/touchpoint.ts';
import type { Clock } from '../resolution/resolve-sightings.ts';
import { lookUp } from '../resolution/lookup.ts';
import { checkProofText } from './proof.ts';
import type { Purpose } from './consent.ts';

export interface ConsentRow {
  sourceId?: string | null;
  profileId?: string | null;
  purpose: Purpose;
  channel?: Channel | null;
  granted: boolean;
  wordingVersion: string;
  occurredAt: Date;
}

export interface ImportedConsents {
  created: number;
  unchanged: number;
  refusals: { index: number; field: string; message: string }[];
}

/** Rows per call; see the limit of imported profiles. */
const MAX_ROWS = 1_000;

const INSERT = `
  insert into consent (id, profile_id, scope, purpose, channel, granted, wording_version, source, given_via, recorded_by, occurred_at, recorded_at)
  select id, profile_id, array[profile_id], purpose, channel, granted, wording_version, $2, 'import', $3, occurred_at, $4
    from jsonb_to_recordset($1) as x (id uuid, profile_id uuid, purpose text, channel text, granted boolean, wording_version text, occurred_at timestamptz)
  on conflict (profile_id, purpose, coalesce(channel, ''), occurred_at, granted) do nothing
  returning id`;

type Placed = ConsentRow & { id: string; profileId: string };

/** Brings in what customers said elsewhere. A statement speaks for its profile alone: nobody knows who else was meant at the time. */
export async function importConsents(
  tx: Tx,
  source: string,
  rows: readonly ConsentRow[],
  by: string,
  { clock }: Clock,
): Promise<ImportedConsents> {
  if (rows.length > MAX_ROWS) {
    throw new DomainError('TOO_MANY_ROWS', `${rows.length} rows were sent, at most ${MAX_ROWS} are taken at once.`, [
      'input',
      'rows',
    ]);
  }
  checkProofText('source', source);
  const now = clock.now();
  const { placed, refusals } = await place(tx, source, rows, now);
  const values = placed.map((p) => ({
    id: p.id,
    profile_id: p.profileId,
    purpose: p.purpose,
    channel: p.channel ?? null,
    granted: p.granted,
    wording_version: p.wordingVersion,
    occurred_at: p.occurredAt,
  }));
  const created = new Set(
    (await sql<{ id: string }>(tx, INSERT, [JSON.stringify(values), source, by, now])).map((row) => row.id),
  );
  await tell(
    tx,
    placed.filter((p) => created.has(p.id)),
    source,
  );
  return { created: created.size, unchanged: placed.length - created.size, refusals };
}

async function place(tx: Tx, source: string, rows: readonly ConsentRow[], now: Date) {
  const wrong = rows.map((row) => wrongWith(row, now));
  const keys = rows.map((row, index) =>
    row.sourceId && !wrong[index] ? sourceIdentifier(source, row.sourceId) : null,
  );
  const found = await lookUp(tx, [...new Map(keys.flatMap((k) => (k ? [[k.value, k] as const] : []))).values()]);
  const ids = rows.map(
    (row, index) =>
      (wrong[index] ? null : row.profileId) ??
      (keys[index] && found.owners.get(`source:${keys[index].value}`)?.profileId) ??
      null,
  );
  const customers = await existing(tx, ids);
  const placed: Placed[] = [];
  const refusals: ImportedConsents['refusals'] = [];
  for (const [index, row] of rows.entries()) {
    if (wrong[index]) {
      refusals.push({ index, ...wrong[index] });
      continue;
    }
    const id = ids[index];
    const customer = id ? customers.get(id) : undefined;
    const field = row.profileId ? 'profileId' : 'sourceId';
    if (!id || !customer || customer.erased) {
      refusals.push({
        index,
        field,
        message: `Nobody is known by ${field} "${row.profileId ?? row.sourceId ?? ''}". Import the profile first.`,
      });
    } else {
      placed.push({
        ...row,
        id: newId(),
        profileId: id,
        occurredAt: readInstant(row.occurredAt, now, ['input', 'rows', String(index)]),
      });
    }
  }
  return { placed, refusals };
}

/** What is wrong with one statement spoils no other. */
function wrongWith(row: ConsentRow, now: Date): { field: string; message: string } | null {
  const unstorable = unstorableIn(row);
  if (unstorable) return { field: 'row', message: unstorable };
  if (row.profileId && !UUID.test(row.profileId))
    return { field: 'profileId', message: `"${row.profileId.slice(0, 60)}" is no UUID.` };
  try {
    checkProofText('wordingVersion', row.wordingVersion);
    readInstant(row.occurredAt, now, ['occurredAt']);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return { field: error.path?.at(-1) ?? 'row', message: error.message };
    throw error;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function existing(tx: Tx, ids: readonly (string | null)[]): Promise<Map<string, CustomerRow>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const rows = await findCustomers(tx, wanted);
  return new Map(rows.flatMap((row, index) => (row ? [[wanted[index]!, row] as const] : [])));
}

async function tell(tx: Tx, statements: readonly Placed[], source: string): Promise<void> {
  await recordTouchpoints(
    tx,
    statements.map((s) => ({
      id: s.id,
      profileId: s.profileId,
      occurredAt: s.occurredAt,
      kind: s.granted ? 'consent_granted' : 'consent_withdrawn',
      channel: s.channel ?? 'other',
      subgraph: 'identity',
      details: { purpose: s.purpose, channel: s.channel ?? null, source },
    })),
  );
  await publish(
    tx,
    statements.map((s) =>
      event('identity.consent.changed.v1', {
        profileId: s.profileId,
        occurredAt: s.occurredAt,
        data: {
          purpose: s.purpose,
          channel: s.channel ?? null,
          granted: s.granted,
          wordingVersion: s.wordingVersion,
          source,
        },
      }),
    ),
  );
}
