import { existsSync, writeFileSync } from 'node:fs';
import { loadDemo } from '../demo/load.ts';
import { localToken } from '../graph/local-graph.ts';
import type { DataDir } from './data-dir.ts';

/** Loads the demo data into an empty platform, once; a load that was killed goes on at the next start. TRENZA_DEMO=0 leaves it empty. */
export async function loadDemoOnce(
  dir: DataDir,
  graphUrl: string,
  tell: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  if (process.env['TRENZA_DEMO'] === '0' || existsSync(dir.demo)) return;
  tell('Loading the demo retailer; the graph can be used meanwhile …');
  const token = await localToken({ role: 'service', sub: 'demo' }, dir);
  const onProgress = (line: string): void => tell(`  ${line}`);
  const { loaded, created, seconds } = await loadDemo({ graphUrl, token, onProgress, signal: stop });
  if (loaded) tell(`The demo retailer is there: ${created.toLocaleString('en')} records in ${seconds.toFixed(1)} s.`);
  writeFileSync(dir.demo, new Date().toISOString());
}
