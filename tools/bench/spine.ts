import { loadDemo } from '../src/demo/load.ts';
import type { TestPlatform } from '../src/platform/test-platform.ts';
import { atLeast, atMost, type Figure, figure, type Group } from './harness.ts';
import { measureHops } from './spine/hops.ts';
import { measureImport } from './spine/import-rate.ts';
import { measureLatency } from './spine/latency.ts';
import { measureQuery } from './spine/query.ts';
import { coldStart, memoryAtRest } from './spine/rest.ts';

type Say = (line: string) => void;
type Part = (platform: TestPlatform, say: Say) => Promise<Figure[]>;

const memory: Part = async (platform) => [
  figure('spine.memory-at-rest', { value: await memoryAtRest(platform), unit: 'MiB' }),
];

const events: Part = async (platform) => {
  const { perSecond, p50, p99, p99FromSent, lost } = await measureLatency(platform);
  return [
    figure('spine.events.rate', { value: perSecond, unit: 'events/s', aim: atLeast('value', 495) }),
    figure('spine.events.lost', { value: lost, unit: 'events', aim: atMost('value', 0) }),
    figure('spine.events.p50', { value: p50, unit: 'ms' }),
    figure('spine.events.p99', { value: p99, unit: 'ms', aim: atMost('value', 250) }),
    figure('spine.events.p99-from-sent', { value: p99FromSent, unit: 'ms' }),
  ];
};

/** A step of the story is seen in another subgraph within a second. */
const SEEN_WITHIN_MS = 1_000;

const hops: Part = async (platform) =>
  Object.entries(await measureHops(platform)).flatMap(([hop, { p50, p99 }]) => [
    figure(`spine.hop.${hop}.p50`, { value: p50, unit: 'ms' }),
    figure(`spine.hop.${hop}.p99`, { value: p99, unit: 'ms', aim: atMost('value', SEEN_WITHIN_MS) }),
  ]);

const demo: Part = async (platform) => {
  const { seconds } = await loadDemo({ graphUrl: platform.graph, token: await platform.token({ role: 'service' }) });
  return [figure('spine.demo', { value: seconds, unit: 's', aim: atMost('value', 30) })];
};

const query: Part = async (platform, say) => {
  const { ours, theirs } = await measureQuery(platform, say);
  const against = (of: 'perSecond' | 'p50' | 'p99' | 'bytes') => ({ value: ours[of], against: theirs[of] });
  return [
    figure('spine.query.rate', { ...against('perSecond'), unit: 'requests/s', aim: atLeast('ratio', 0.5) }),
    figure('spine.query.p50', { ...against('p50'), unit: 'ms' }),
    figure('spine.query.p99', { ...against('p99'), unit: 'ms' }),
    figure('spine.query.answer', { ...against('bytes'), unit: 'bytes' }),
  ];
};

const imports: Part = async (platform, say) => {
  const rate = await measureImport(platform, say);
  if (!rate) return [];
  return [
    figure('spine.import', { value: rate.rowsPerSecond, unit: 'rows/s' }),
    figure('spine.import.again', { value: rate.again, unit: 'rows/s' }),
  ];
};

/** In this order: the query is asked of the demo retailer, the import comes last because it makes the databases large. */
const PARTS: [string, Part][] = [
  ['memory at rest', memory],
  ['events from one subgraph to another, 500 a second', events],
  ['each step of the story until it is seen elsewhere', hops],
  ['the demo retailer', demo],
  ['the customer query against a hand-written endpoint', query],
  ['an import of till lines', imports],
];

/** The platform as a whole: start, memory, events, demo data, the customer query, import. A part that fails does not hide the others. */
const measure: Group = async (say) => {
  say('starting a platform on an empty folder');
  const { platform, seconds } = await coldStart();
  const figures: Figure[] = [figure('spine.cold-start', { value: seconds, unit: 's' })];
  try {
    for (const [name, part] of PARTS) {
      say(name);
      try {
        figures.push(...(await part(platform, say)));
      } catch (error) {
        say(`could not be measured: ${(error as Error).message}`);
        process.exitCode = 1;
      }
    }
    return figures;
  } finally {
    await platform.stop();
  }
};
export default measure;
