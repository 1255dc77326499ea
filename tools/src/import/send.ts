import { GraphRefusal } from '../graph/graph-client.ts';
import type { StepProgress } from './checkpoint.ts';
import { MAX_RECORDS, MAX_WEIGHT, type BatchContext, type BatchResult, type KindSpec } from './kinds.ts';
import type { ImportRecord } from './records.ts';

export interface Sending {
  spec: KindSpec;
  context: Omit<BatchContext, 'reference'>;
  /** Makes the reference of a batch: the same batch has the same one in every run. */
  reference: (batch: number) => string;
  progress: StepProgress;
  /** How many batches are under way at once. */
  parallel: number;
  refuse: (refusal: { row: number; field: string; reason: string }) => void;
  /** All batches up to here were acknowledged. */
  acknowledged: (progress: StepProgress) => void;
}

/** Sends records in batches, a bounded number at once; batches that an earlier run saw acknowledged are skipped. */
export async function sendAll(records: AsyncIterable<ImportRecord>, sending: Sending): Promise<StepProgress> {
  const { spec, context, reference, parallel } = sending;
  const progress = { ...sending.progress };
  const skipped = progress.batches;
  const finished = new Map<number, () => void>();
  const underWay = new Set<Promise<void>>();
  let failure: unknown;
  let number = 0;

  const settle = (batch: number, account: () => void): void => {
    finished.set(batch, account);
    // In the order of the batches, so that "acknowledged up to" has no holes.
    for (let next = finished.get(progress.batches); next; next = finished.get(progress.batches)) {
      finished.delete(progress.batches);
      progress.batches += 1;
      next();
      sending.acknowledged({ ...progress });
    }
  };

  const send = async (batch: number, items: ImportRecord[]): Promise<void> => {
    const result = await sendOrSplit(spec, items, { ...context, reference: reference(batch) });
    settle(batch, () => {
      progress.created += result.created;
      progress.unchanged += result.unchanged;
      progress.refused += result.refusals.length;
      for (const { index, field, reason } of result.refusals)
        sending.refuse({ row: items[index]?.row ?? 0, field, reason });
    });
  };

  for await (const items of batches(records, spec.weight)) {
    const batch = number;
    number += 1;
    if (batch < skipped) continue;
    const promise = send(batch, items)
      .catch((error: unknown) => (failure ??= error))
      .then(() => void underWay.delete(promise));
    underWay.add(promise);
    if (underWay.size >= parallel) await Promise.race(underWay);
    if (failure) break;
  }
  await Promise.all(underWay);
  if (failure) throw failure;
  return { ...progress, done: true };
}

/**
 * A value that does not fit the graph's types spoils the whole call. The batch is then halved until the records at fault stand alone;
 * all others are taken.
 */
async function sendOrSplit(spec: KindSpec, items: ImportRecord[], context: BatchContext): Promise<BatchResult> {
  try {
    return await spec.send(items, context);
  } catch (error) {
    if (
      !(error instanceof GraphRefusal) ||
      error.errors.some(({ extensions }) => extensions?.code !== 'BAD_USER_INPUT')
    )
      throw error;
    if (items.length === 1)
      return { created: 0, unchanged: 0, refusals: [{ index: 0, field: 'record', reason: error.message }] };
  }
  const half = Math.ceil(items.length / 2);
  const first = await sendOrSplit(spec, items.slice(0, half), { ...context, reference: `${context.reference}-a` });
  const second = await sendOrSplit(spec, items.slice(half), { ...context, reference: `${context.reference}-b` });
  return {
    created: first.created + second.created,
    unchanged: first.unchanged + second.unchanged,
    refusals: [...first.refusals, ...second.refusals.map((refusal) => ({ ...refusal, index: refusal.index + half }))],
  };
}

async function* batches(
  records: AsyncIterable<ImportRecord>,
  weight: (record: ImportRecord) => number,
): AsyncGenerator<ImportRecord[]> {
  let batch: ImportRecord[] = [];
  let size = 0;
  for await (const record of records) {
    const more = weight(record);
    if (batch.length > 0 && (batch.length >= MAX_RECORDS || size + more > MAX_WEIGHT)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(record);
    size += more;
  }
  if (batch.length > 0) yield batch;
}
