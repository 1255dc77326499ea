import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform, type TestPlatform } from '../../src/platform/test-platform.ts';
import { memoryOf } from './memory.ts';

/** Long enough for start-up garbage to be collected and for background jobs to have run once. */
const AT_REST_AFTER_MS = 10_000;

/** Starts a platform on an empty folder: new databases, migrations, streams, until everything says that it is ready. */
export async function coldStart(): Promise<{ platform: TestPlatform; seconds: number }> {
  const began = performance.now();
  const platform = await startTestPlatform();
  return { platform, seconds: (performance.now() - began) / 1_000 };
}

/** All processes together: six services, PostgreSQL, NATS, and who started them. */
export async function memoryAtRest(platform: TestPlatform): Promise<number> {
  await sleep(AT_REST_AFTER_MS);
  const { pid, pids } = platform.run();
  return memoryOf([pid, ...Object.values(pids)]);
}
