import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sql } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import type { RecordRow } from './fields.ts';
import { featuresOf } from './match-profiles.ts';
import type { StoredModel } from './stored-model.ts';

/** What agreements are worth is known from this many people; more only take longer. */
const SAMPLE = 20_000;
/** From fewer nothing can be learnt that the first model does not know better. */
export const FEWEST_RECORDS = 500;

/** Trains where somebody asked for it, and then compares everybody anew. */
export async function trainRequested({ database, clock, log }: Deps): Promise<void> {
  const [request] = await sql<{ id: string }>(
    database,
    'select id from match_training where finished_at is null order by requested_at limit 1',
  );
  if (!request) return;
  const finish = (error: string | null): Promise<unknown> =>
    sql(database, 'update match_training set finished_at = $2, error = $3 where id = $1', [
      request.id,
      clock.now(),
      error,
    ]);
  try {
    const sample = await sql<{ id: string }>(
      database,
      `select id from profile where known and erased_at is null order by md5(id::text) limit ${SAMPLE}`,
    );
    const rows = [
      ...(
        await featuresOf(
          database,
          sample.map((row) => row.id),
        )
      ).values(),
    ];
    if (rows.length < FEWEST_RECORDS) {
      return void (await finish(`There are ${rows.length} known people; ${FEWEST_RECORDS} are needed to learn from.`));
    }
    const model = await trainElsewhere(rows);
    await sql(database, 'insert into match_model (id, trained_at, records, model) values ($1, $2, $3, $4)', [
      newId(),
      clock.now(),
      rows.length,
      JSON.stringify(model),
    ]);
    await sql(
      database,
      'insert into match_pending (profile_id) select id from profile where known and erased_at is null on conflict do nothing',
    );
    await finish(null);
  } catch (error) {
    log.error({ err: error }, 'Matching could not be trained.');
    await finish((error as Error).message.slice(0, 500));
  }
}

/**
 * In `dist` the worker is JavaScript; from the sources Node reads the TypeScript itself, as a module. The package cannot say that it
 * is one, because what it is compiled to is not, and to find it out once costs nothing worth a warning.
 */
const FROM_SOURCE = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];

function trainElsewhere(rows: readonly RecordRow[]): Promise<StoredModel> {
  const compiled = join(__dirname, 'training.worker.js');
  const worker = existsSync(compiled)
    ? new Worker(compiled, { workerData: rows })
    : new Worker(join(__dirname, 'training.worker.ts'), {
        workerData: rows,
        execArgv: [...process.execArgv, ...FROM_SOURCE],
      });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The training ended with code ${code} before it had a result.`)));
  });
}
