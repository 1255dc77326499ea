import { loadDemo } from '../src/demo/load.ts';
import { atLeast, atMost, type Figure, figure, type Group } from './harness.ts';
import { measureImport } from './spine/import-rate.ts';
import { measureLatency } from './spine/latency.ts';
import { measureQuery } from './spine/query.ts';
import { coldStart, memoryAtRest } from './spine/rest.ts';

/** The platform as a whole: start, memory, import, demo data, the customer query, and how long an event takes to the next subgraph. */
const measure: Group = async (say) => {
  say('starting a platform on an empty folder');
  const { platform, seconds } = await coldStart();
  const figures: Figure[] = [figure('spine.cold-start', { value: seconds, unit: 's' })];
  try {
    say('memory at rest');
    figures.push(figure('spine.memory-at-rest', { value: await memoryAtRest(platform), unit: 'MiB' }));

    say('events from one subgraph to another, 500 a second');
    const latency = await measureLatency(platform);
    if (latency.lost > 0) throw new Error(`${latency.lost} events never arrived`);
    figures.push(
      figure('spine.events.rate', { value: latency.perSecond, unit: 'events/s', aim: atLeast('value', 495) }),
      figure('spine.events.p50', { value: latency.p50, unit: 'ms' }),
      figure('spine.events.p99', { value: latency.p99, unit: 'ms', aim: atMost('value', 250) }),
      figure('spine.events.p99-from-sent', { value: latency.p99FromSent, unit: 'ms' }),
    );

    say('the demo retailer');
    const demo = await loadDemo({ graphUrl: platform.graph, token: await platform.token({ role: 'service' }) });
    figures.push(figure('spine.demo', { value: demo.seconds, unit: 's', aim: atMost('value', 30) }));

    say('the customer query against a hand-written endpoint');
    const { ours, theirs } = await measureQuery(platform, say);
    figures.push(
      figure('spine.query.rate', {
        value: ours.perSecond,
        unit: 'requests/s',
        against: theirs.perSecond,
        aim: atLeast('ratio', 0.5),
      }),
      figure('spine.query.p50', { value: ours.p50, unit: 'ms', against: theirs.p50 }),
      figure('spine.query.p99', { value: ours.p99, unit: 'ms', against: theirs.p99 }),
      figure('spine.query.answer', { value: ours.bytes, unit: 'bytes', against: theirs.bytes }),
    );

    say('an import of till lines');
    const rate = await measureImport(platform, say);
    if (rate) {
      figures.push(
        figure('spine.import', { value: rate.rowsPerSecond, unit: 'rows/s' }),
        figure('spine.import.again', { value: rate.again, unit: 'rows/s' }),
      );
    }
    return figures;
  } finally {
    await platform.stop();
  }
};
export default measure;
