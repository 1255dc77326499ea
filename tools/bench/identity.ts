import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { atLeast, atMost, figure, type Aim, type Figure, type Group } from './harness.ts';
import { dataSets, withoutSocialSecurity, type DataSet } from './identity/data-sets.ts';
import { qualityOf, type Quality } from './identity/quality.ts';
import { realTime } from './identity/real-time.ts';

/** The best published figures over all pairs (see the decision 0102); sets that are not here are measured without an aim. */
const AIMS: Record<string, Aim> = {
  febrl2: atLeast('value', 0.98),
  'febrl2-without-soc-sec': atLeast('value', 0.98),
  fake_1000: atLeast('value', 0.87),
};
const SIZES = [10_000, 100_000, 1_000_000];
const MINUTES_FOR_A_MILLION = 10;

const measure: Group = async (say) => [...quality(say), ...(await scale(say)), ...(await realTime())];
export default measure;

function quality(say: (line: string) => void): Figure[] {
  const sets = dataSets();
  if (sets.length === 0) say('skipped: the person records are not at TRENZA_DATA_SETS (default ../shared/data)');
  return sets.flatMap(variants).flatMap((set) => {
    const { precision, recall, f1, compared } = qualityOf(set);
    say(
      `${set.name}: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, compared ${compared.toFixed(4)} of the true pairs`,
    );
    return [figure(`identity.match.${set.name}.f1`, { value: f1, unit: 'F1', aim: AIMS[set.name] })];
  });
}

function variants(set: DataSet): DataSet[] {
  const without = withoutSocialSecurity(set);
  return without.specs.length === set.specs.length ? [set] : [set, without];
}

async function scale(say: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  // TRENZA_BENCH_PEOPLE bounds the largest size, for a machine that has not got ten minutes.
  const most = Number(process.env['TRENZA_BENCH_PEOPLE'] ?? SIZES.at(-1));
  for (const size of SIZES.filter((s) => s <= most)) {
    const { milliseconds, precision, recall, f1, surePrecision, bytes } = await inThread(size);
    const minutes = milliseconds / 60_000;
    say(
      `${size} people: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, ${(bytes / 2 ** 20).toFixed(0)} MB`,
    );
    const aim = size === SIZES.at(-1) ? atMost('value', MINUTES_FOR_A_MILLION) : undefined;
    figures.push(figure(`identity.match.${size}.minutes`, { value: minutes, unit: 'min', aim }));
    figures.push(figure(`identity.match.${size}.f1`, { value: f1, unit: 'F1' }));
    figures.push(figure(`identity.match.${size}.sure`, { value: surePrecision, unit: 'precision' }));
    figures.push(figure(`identity.match.${size}.memory`, { value: bytes / 2 ** 20, unit: 'MB' }));
  }
  return figures;
}

function inThread(size: number): Promise<Quality & { bytes: number }> {
  const worker = new Worker(join(__dirname, 'identity', 'scale.worker.ts'), {
    workerData: size,
    resourceLimits: { maxOldGenerationSizeMb: 8_192 },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
