import { sql, tryLead } from '@trenza/database';
import { runRequestedRebuilds, type ConsumerOptions } from '@trenza/outbox';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectionsOf, type Deps, type Job, type SubgraphDefinition } from './definition.ts';

const STANDBY_MS = 1_000;

export interface Jobs {
  stop(): Promise<void>;
}

/** Runs each job every so often, on one replica at a time. A job that fails is logged and runs again next time. */
export function startJobs(jobs: readonly Job[], deps: Deps): Jobs {
  const stop = new AbortController();
  const loops = jobs.map((job) => runJob(job, deps, stop.signal));
  return {
    stop: async () => {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

async function runJob(job: Job, deps: Deps, signal: AbortSignal): Promise<void> {
  const pause = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal }).catch(() => undefined);
  while (!signal.aborted) {
    try {
      const leadership = await tryLead(deps.database, `job:${job.name}`);
      if (!leadership) {
        await pause(STANDBY_MS);
        continue;
      }
      let lost = false;
      void leadership.lost.then(() => (lost = true));
      try {
        while (!signal.aborted && !lost) {
          await job.run(deps);
          await pause(job.everySeconds * 1_000);
        }
      } finally {
        await leadership.release();
      }
    } catch (error) {
      deps.log.error({ err: error, job: job.name }, 'A job failed and runs again.');
      await pause(job.everySeconds * 1_000);
    }
  }
}

/** Redelivery and the retries of clients are over long before. */
const REMEMBER_DAYS = 90;
/** A bounded piece an hour, so that the job never holds a long transaction. */
const PRUNE_ROWS = 50_000;

/** Forgets ids of events and keys of requests that nobody repeats any more. */
export const pruneBackbone: Job = {
  name: 'prune-backbone',
  everySeconds: 3_600,
  run: async ({ database }) => {
    for (const [table, time] of [
      ['processed_message', 'handled_at'],
      ['idempotency', 'created_at'],
    ] as const) {
      await sql(
        database,
        `delete from ${table} where ctid = any(array(select ctid from ${table} where ${time} < now() - interval '${REMEMBER_DAYS} days' limit ${PRUNE_ROWS}))`,
      );
    }
  },
};

/** An admin who asks for a rebuild does not wait for it; it starts within this time. */
const REBUILD_CHECK_S = 2;

export const rebuildProjections = (definition: SubgraphDefinition, options: ConsumerOptions<Deps>): Job => ({
  name: 'rebuild-projections',
  everySeconds: REBUILD_CHECK_S,
  run: () => runRequestedRebuilds(options, projectionsOf(definition)),
});
