import { existsSync, writeFileSync } from 'node:fs';
import { loadDemo } from '../demo/load.ts';
import { localToken } from '../graph/local-graph.ts';
import type { DataDir } from './data-dir.ts';

/**
 * Loads the demo data into a new platform, through the graph, while it is already open. What was begun by a start that was killed goes on;
 * TRENZA_DEMO=0 leaves the platform empty.
 */
export async function loadDemoOnce(
  dir: DataDir,
  graphUrl: string,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (process.env['TRENZA_DEMO'] === '0' || existsSync(dir.demo)) return;
  const started = Date.now();
  tell('Loading the demo data, the first time only; the graph is open meanwhile.');
  const token = await localToken({ role: 'service', sub: 'demo' }, dir);
  const marketerToken = await localToken({ role: 'marketer', sub: 'demo' }, dir);
  await loadDemo({ graphUrl, token, marketerToken, signal, onProgress: (line) => tell(`  ${line}`) });
  writeFileSync(dir.demo, `${new Date().toISOString()}\n`);
  tell(`The demo data is there after ${((Date.now() - started) / 1_000).toFixed(0)} s.`);
}
