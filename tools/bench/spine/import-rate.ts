import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { graphClient } from '../../src/graph/graph-client.ts';
import { importFiles } from '../../src/import/importer.ts';
import { loadMapping } from '../../src/import/mapping.ts';
import { rowsOf } from '../../src/import/verify/files.ts';
import type { TestPlatform } from '../../src/platform/test-platform.ts';

/** A sixth of the file: half a minute at most, and the same mix of orders, returns and oddities. */
const ROWS = 90_000;

export interface ImportRate {
  rowsPerSecond: number;
  rows: number;
  again: number;
}

const dataSets = (): string =>
  resolve(process.env['TRENZA_DATA_SETS'] ?? join(__dirname, '..', '..', '..', '..', 'shared', 'data'));

/** Imports till lines into an empty platform, then once more; null where the data set is not on this machine. */
export async function measureImport(platform: TestPlatform, say: (line: string) => void): Promise<ImportRate | null> {
  const file = join(dataSets(), 'online-retail', 'online_retail_2010_2011.csv.gz');
  if (!existsSync(file)) {
    say(`the import is not measured: ${file} is not on this machine (set TRENZA_DATA_SETS)`);
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'trenza-bench-'));
  const sample = join(folder, 'online_retail.csv');
  const rows = await writeSample(file, sample);
  const graph = graphClient(platform.graph, await platform.token({ role: 'service' }));
  const once = async (): Promise<number> => {
    const began = performance.now();
    await importFiles({
      mapping: loadMapping('online-retail'),
      files: [sample],
      graph,
      graphName: platform.graph,
      reportPath: join(folder, 'refused.csv'),
      checkpointPath: join(folder, 'checkpoint.json'),
      progress: { update: () => undefined, settle: (line) => say(line) },
    });
    return rows / ((performance.now() - began) / 1_000);
  };
  const rowsPerSecond = await once();
  const again = await once();
  await graph.close();
  await rm(folder, { recursive: true });
  return { rows, rowsPerSecond, again };
}

async function writeSample(from: string, to: string): Promise<number> {
  const lines: string[] = [];
  for await (const row of rowsOf(from, ROWS)) {
    if (lines.length === 0) lines.push(Object.keys(row).join(','));
    lines.push(
      Object.values(row)
        .map((cell) => `"${cell.replaceAll('"', '""')}"`)
        .join(','),
    );
  }
  await writeFile(to, lines.join('\n'));
  return lines.length - 1;
}
