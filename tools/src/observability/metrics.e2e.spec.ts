import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { metricsPortOf, portOf, ROOT, SUBGRAPHS } from '../platform/services.ts';
import { startTestPlatform, type TestPlatform } from '../platform/test-platform.ts';
import { readExposition, type Measured } from './exposition.ts';
import { readPromql } from './promql.ts';

const START_MS = 180_000;
const WITHIN_MS = 30_000;
/** Prometheus adds them to everything that it asks of a target; `service` stands beside the gateway's in its configuration. */
const OF_TARGETS = ['job', 'instance', 'service', 'le'];

const yaml = <T>(...path: string[]): T => parse(readFileSync(join(ROOT, ...path), 'utf8')) as T;
const dashboard = JSON.parse(readFileSync(join(ROOT, 'tools/dashboard/grafana/trenza.json'), 'utf8')) as {
  panels: {
    title: string;
    type: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { expr: string }[];
  }[];
};
const alerts = yaml<{ groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[] }>(
  'tools/dashboard/alerts.yaml',
);
const prometheus = yaml<{
  rule_files: string[];
  scrape_configs: { static_configs: { targets: string[]; labels?: Record<string, string> }[] }[];
}>('tools/dashboard/prometheus.yaml');
const compose = yaml<{
  services: Record<
    string,
    { image: string; profiles?: string[]; volumes?: string[]; environment?: Record<string, string>; ports?: string[] }
  >;
  volumes: Record<string, null>;
}>('compose.yaml');

const queries = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [`panel "${title}"`, expr] as const),
  ),
  ...alerts.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [`alert ${alert}`, expr] as const)),
];

let platform: TestPlatform;
const measured = new Map<string, Measured>();

beforeAll(async () => {
  platform = await startTestPlatform();
  const admin = await platform.token({ role: 'admin' });
  await platform.ask(admin, 'query Everybody { stores(first: 1) { edges { node { id } } } }');
  // One that is refused before it is executed, so that there is a refusal to count.
  await fetch(platform.graph, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' });
  for (const service of ['gateway', ...SUBGRAPHS] as const) measured.set(service, await read(service));
}, START_MS);
afterAll(() => platform?.stop(), START_MS);

const textOf = async (service: 'gateway' | (typeof SUBGRAPHS)[number]): Promise<string> => {
  const port = service === 'gateway' ? metricsPortOf(platform.port) : portOf(service, platform.port);
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
};

/** A consumer is there as soon as its process leads. */
async function read(service: 'gateway' | (typeof SUBGRAPHS)[number]): Promise<Measured> {
  for (const deadline = Date.now() + WITHIN_MS; ; await sleep(100)) {
    const found = readExposition(await textOf(service));
    if (service === 'gateway' || found.get('trenza_consumer_lag')?.has('producer')) return found;
    if (Date.now() > deadline) throw new Error(`${service} told of no consumer lag within ${WITHIN_MS} ms.`);
  }
}

describe('what services measure', () => {
  it.each(SUBGRAPHS)(
    '%s: rate, errors and duration per operation, outbox, consumers, dead letters, its process',
    (service) => {
      const labelsOf = (metric: string): string[] =>
        [...(measured.get(service)!.get(metric) ?? ['missing'])].toSorted();
      expect(labelsOf('trenza_request_seconds_count')).toEqual(['operation', 'outcome', 'service']);
      for (const metric of ['trenza_outbox_pending', 'trenza_outbox_lag_seconds', 'trenza_dead_letters'])
        expect([metric, ...labelsOf(metric)]).toEqual([metric, 'service']);
      expect(labelsOf('trenza_consumer_lag')).toEqual(['producer', 'service']);
      expect(labelsOf('trenza_batch_seconds_count')).toEqual(['service']);
      expect(labelsOf('trenza_events_total')).not.toContain('missing');
      expect(labelsOf('process_resident_memory_bytes')).toEqual(['service']);
    },
  );

  it('the gateway: rate, errors and duration per operation and subgraph, plan cache, circuits, refusals, streams', () => {
    const labelsOf = (metric: string): string[] =>
      [...(measured.get('gateway')!.get(metric) ?? ['missing'])].toSorted();
    expect(labelsOf('trenza_gateway_operation_seconds_count')).toEqual(['operation', 'outcome', 'type']);
    expect(labelsOf('trenza_gateway_subgraph_seconds_count')).toEqual(['outcome', 'subgraph']);
    expect(labelsOf('trenza_gateway_plan_requests_total')).toEqual(['outcome']);
    expect(labelsOf('trenza_gateway_circuit_open')).toEqual(['subgraph']);
    expect(labelsOf('trenza_gateway_refusals_total')).toEqual(['code']);
    for (const metric of ['trenza_gateway_plans', 'trenza_gateway_plans_bytes', 'trenza_gateway_streams'])
      expect([metric, ...labelsOf(metric)]).toEqual([metric]);
  });

  it('a subgraph tells what went well from what was refused, by root field and never by what a client calls its operation', async () => {
    const admin = await platform.token({ role: 'admin' });
    await platform.ask(admin, 'query MariaPlanted { store(code: "nowhere") { id } }');
    const text = await textOf('inventory');
    expect(text).toMatch(/trenza_request_seconds_count\{service="inventory",operation="store",outcome="ok"\} [1-9]/);
    expect(text).not.toContain('MariaPlanted');
    await fetch(`http://127.0.0.1:${portOf('inventory', platform.port)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(await textOf('inventory')).toMatch(
      /trenza_request_seconds_count\{service="inventory",operation="none",outcome="refused"\} [1-9]/,
    );
  });

  it("nobody reads the gateway's measures on its public port", async () => {
    expect((await fetch(`http://127.0.0.1:${platform.port}/metrics`)).status).toBe(404);
  });
});

describe('the dashboard and its alerts', () => {
  it.each(queries)('%s asks for what some service measures, by labels that it has', (_what, query) => {
    const { metrics, labels } = readPromql(query);
    expect(metrics).not.toEqual([]);
    const known = new Set(OF_TARGETS);
    for (const metric of metrics.filter((name) => name !== 'up')) {
      const tellers = [...measured.values()].filter((each) => each.has(metric));
      expect([metric, tellers.length > 0]).toEqual([metric, true]);
      for (const teller of tellers) for (const label of teller.get(metric)!) known.add(label);
      // A counter that has counted nothing yet carries its labels later: which they are its help and our tests of it say.
      if (tellers.every((each) => each.get(metric)!.size === 0))
        for (const label of ['outcome', 'subgraph', 'event']) known.add(label);
    }
    expect(labels.filter((label) => !known.has(label))).toEqual([]);
  });

  it('knows a query that nobody can answer from one that somebody can', () => {
    expect(() => readPromql('sum by (service (up)')).toThrow('is no PromQL');
    expect(readPromql('histogram_quantile(0.9, sum by (le) (rate(nothing_bucket{a="b"}[$__rate_interval])))')).toEqual({
      metrics: ['nothing_bucket'],
      labels: ['le', 'a'],
    });
  });

  it('shows what each service measures for us, so that nothing is measured for nobody', () => {
    const asked = new Set(queries.flatMap(([, query]) => readPromql(query).metrics));
    const ours = [...measured.values()]
      .flatMap((each) => [...each.keys()])
      .filter((name) => name.startsWith('trenza_'));
    const unseen = new Set(ours.map((name) => name.replace(/_(bucket|count|sum)$/, '')));
    for (const name of asked) unseen.delete(name.replace(/_(bucket|count|sum)$/, ''));
    expect([...unseen]).toEqual([]);
  });

  it('lays panels beside one another, none over another', () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, taken.has(`${x} ${y}`), x < 24]).toEqual([title, false, true]);
          taken.add(`${x} ${y}`);
        }
  });

  it('tells with each alert what to do', () => {
    for (const { rules } of alerts.groups)
      for (const { annotations } of rules) expect(annotations.summary.length).toBeGreaterThan(30);
  });
});

describe('the profile "dashboard" of compose.yaml', () => {
  const extra = Object.entries(compose.services).filter(([, { profiles }]) => profiles?.includes('dashboard'));

  it('starts Prometheus, Grafana and a place for traces, in pinned versions, and only when it is asked for', () => {
    expect(extra.map(([name]) => name).toSorted()).toEqual(['grafana', 'prometheus', 'tempo']);
    for (const [, { image }] of extra) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
  });

  it('mounts files that are there, into volumes that are declared', () => {
    for (const [, { volumes = [] }] of extra)
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        expect([volume, source.startsWith('./') ? existsSync(join(ROOT, source)) : source in compose.volumes]).toEqual([
          volume,
          true,
        ]);
      }
  });

  it('asks every service, where that measures', () => {
    const targets = prometheus.scrape_configs.flatMap(({ static_configs }) =>
      static_configs.flatMap((each) => each.targets),
    );
    const { METRICS_PORT } = compose.services['gateway']!.environment!;
    expect(targets.toSorted()).toEqual(
      [`gateway:${METRICS_PORT}`, ...SUBGRAPHS.map((name) => `${name}:4000`)].toSorted(),
    );
    expect(compose.services['gateway']!.ports).toEqual(['127.0.0.1:4000:4000']);
    expect(
      prometheus.rule_files.map((file) =>
        compose.services['prometheus']!.volumes!.some((volume) => volume.includes(`:${file}:`)),
      ),
    ).toEqual([true]);
  });

  const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
  (hasCompose ? it : it.skip)('is what docker compose accepts (skipped where that is not installed)', () => {
    const { status, stderr } = spawnSync('docker', ['compose', '--profile', 'dashboard', 'config', '-q'], {
      cwd: ROOT,
    });
    expect([status, stderr.toString()]).toEqual([0, '']);
  });
});
