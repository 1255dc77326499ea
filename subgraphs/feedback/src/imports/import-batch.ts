import { DomainError } from '@trenza/values';

/** One call moves at most so many: one transaction of well under a second. */
const MAX_BATCH = 1_000;

/** Why an item was not taken. */
export interface ImportRefusal {
  index: number;
  key: string;
  field: string;
  code: string;
  message: string;
}

export interface ImportOutcome {
  created: number;
  existing: number;
  refusals: ImportRefusal[];
}

export type Problem = { field: string; code: string; message: string };

const MAX_EXTERNAL_ID = 200;
const SOURCE = /^[a-z0-9][a-z0-9._-]{0,59}$/;

/** Refuses a call that no item of it could repair. */
export function checkBatch(source: string, size: number): void {
  if (!SOURCE.test(source))
    throw new DomainError(
      'IMPORT_SOURCE',
      `"${source}" can't name a source: up to 60 lower-case letters, digits, dots, hyphens.`,
      ['input', 'source'],
    );
  if (size > MAX_BATCH)
    throw new DomainError(
      'BATCH_TOO_LARGE',
      `${size} items were sent, at most ${MAX_BATCH} fit into one call. Send them in several.`,
      ['input'],
    );
}

/** Parts what keeps the rules from what does not. The second item of one key in a call is refused: which of the two is meant? */
export function sift<Item extends { externalId: string }>(
  items: readonly Item[],
  problemOf: (item: Item) => Problem | null,
): { taken: Item[]; refusals: ImportRefusal[] } {
  const seen = new Set<string>();
  const taken: Item[] = [];
  const refusals: ImportRefusal[] = [];
  items.forEach((item, index) => {
    const problem = keyProblem(item.externalId, seen) ?? problemOf(item);
    seen.add(item.externalId);
    if (problem) refusals.push({ index, key: item.externalId, ...problem });
    else taken.push(item);
  });
  return { taken, refusals };
}

function keyProblem(key: string, seen: Set<string>): Problem | null {
  const field = 'externalId';
  if (key.trim() === '' || key.length > MAX_EXTERNAL_ID)
    return { field, code: 'EXTERNAL_ID', message: `An external id has 1 to ${MAX_EXTERNAL_ID} characters.` };
  if (seen.has(key)) return { field, code: 'DUPLICATE_IN_BATCH', message: `"${key}" stands in this call already.` };
  return null;
}

/** Clocks of other systems may be ahead of ours by this much. */
const CLOCK_TOLERANCE_MS = 24 * 3_600_000;

export function timeProblem(occurredAt: Date, now: Date): Problem | null {
  if (occurredAt.getTime() <= now.getTime() + CLOCK_TOLERANCE_MS) return null;
  return { field: 'occurredAt', code: 'IN_THE_FUTURE', message: `${occurredAt.toISOString()} has not come yet.` };
}
