import type { Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import { resolveSightings, type Clock, type Observation } from '../resolution/resolve-sightings.ts';
import { readObservation, refuseUnstorable, warningsOf, type ObservationInput } from './observation.ts';

export interface ImportRow extends ObservationInput {
  sourceId: string;
}

export interface ImportResult {
  sourceId: string;
  profileId: string | null;
  customerId: string | null;
  created: boolean;
  code: string | null;
  message: string | null;
}

/** Rows per call; see the limit of tracked events. */
export const MAX_ROWS = 1_000;

/** Brings in records of another system, set-wise. A record is its (source, sourceId): the same one again changes nothing. */
export async function importProfiles(
  tx: Tx,
  source: string,
  rows: readonly ImportRow[],
  deps: Clock,
): Promise<ImportResult[]> {
  if (rows.length > MAX_ROWS) {
    throw new DomainError(
      'TOO_MANY_ROWS',
      `${rows.length} rows were sent, at most ${MAX_ROWS} are taken at once. Send several batches.`,
      ['input', 'rows'],
    );
  }
  const now = deps.clock.now();
  const checked = rows.map((row, index) => check({ ...row, source }, now, index));
  const good = checked.filter((c): c is Checked => 'observation' in c);
  const placed = await resolveSightings(
    tx,
    good.map((c) => c.observation),
    deps,
  );
  const results = new Map(good.map((c, index) => [c, placed[index]!]));
  return checked.map((c, index) => {
    const sourceId = rows[index]!.sourceId;
    if (!('observation' in c)) return { ...c, sourceId };
    const place = results.get(c)!;
    if ('refused' in place) return { ...refusal(place.refused, place.message), sourceId };
    const message = [...c.warnings, ...place.warnings].join(' ') || null;
    return {
      sourceId,
      profileId: place.profileId,
      customerId: place.customerId,
      created: place.created,
      code: null,
      message,
    };
  });
}

type Checked = { observation: Observation; warnings: string[] };

function check(
  row: ImportRow & { source: string },
  now: Date,
  index: number,
): Checked | Omit<ImportResult, 'sourceId'> {
  try {
    refuseUnstorable(row);
    const { observation, refused, unused } = readObservation(row, now, ['input', 'rows', String(index)]);
    if (!observation.home)
      throw new DomainError('INVALID_SOURCE_ID', 'A row needs the number of the record in its source.');
    return { observation, warnings: [...warningsOf(refused), ...unused] };
  } catch (error) {
    if (error instanceof DomainError) return refusal(error.code, error.message);
    throw error;
  }
}

const refusal = (code: string, message: string): Omit<ImportResult, 'sourceId'> => ({
  profileId: null,
  customerId: null,
  created: false,
  code,
  message,
});
