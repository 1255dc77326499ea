import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PlanCache } from '../graph/plan-cache.ts';
import type { SubgraphClients } from '../subgraphs/subgraph-clients.ts';

/** Seconds; from a cached answer to the longest time a request may take. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type GatewayMetrics = ReturnType<typeof createMetrics>;

/** Rate, errors and duration per operation and per subgraph, in a registry of this gateway alone. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    operations: new Histogram({
      name: 'trenza_gateway_operation_seconds',
      help: 'Time to answer an operation; outcome is ok, partial or error.',
      labelNames: ['operation', 'type', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
    fetches: new Histogram({
      name: 'trenza_gateway_subgraph_seconds',
      help: 'Time of one fetch from a subgraph, retry included.',
      labelNames: ['subgraph', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
    updates: new Histogram({
      name: 'trenza_gateway_update_seconds',
      help: 'Time to complete an event for one subscriber; outcome is ok, partial or error.',
      labelNames: ['event', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
    retries: new Counter({
      name: 'trenza_gateway_subgraph_retries_total',
      help: 'Reads that were asked a second time.',
      labelNames: ['subgraph'],
      registers,
    }),
    reloads: new Counter({
      name: 'trenza_gateway_supergraph_reloads_total',
      help: 'New supergraphs; outcome is accepted or refused.',
      labelNames: ['outcome'],
      registers,
    }),
    refusals: new Counter({
      name: 'trenza_gateway_refusals_total',
      help: 'Operations that the gateway itself refused, by error code.',
      labelNames: ['code'],
      registers,
    }),
  };
}

/** How often an operation's plan was there already, over the generations of the supergraph; what is asked once only is planned once. */
export function watchPlans(metrics: GatewayMetrics, plans: () => PlanCache): void {
  watchNumber(metrics, 'trenza_gateway_plans', 'Operations whose plan is kept.', () => plans().size);
  watchNumber(metrics, 'trenza_gateway_plans_bytes', 'What the kept plans weigh, about.', () => plans().bytes);
  const asked = new Counter({
    name: 'trenza_gateway_plan_requests_total',
    help: 'Plans that were looked for in the cache, by outcome: hit, or miss, which costs planning. A new supergraph begins anew.',
    labelNames: ['outcome'],
    registers: [],
    collect() {
      const { hits, misses } = plans();
      this.reset();
      this.inc({ outcome: 'hit' }, hits);
      this.inc({ outcome: 'miss' }, misses);
    },
  });
  metrics.registry.registerMetric(asked);
}

export function watchCircuits({ registry }: GatewayMetrics, clients: SubgraphClients): void {
  const open = new Gauge({
    name: 'trenza_gateway_circuit_open',
    help: '1 while a subgraph is not called because it does not answer.',
    labelNames: ['subgraph'],
    registers: [],
    collect() {
      for (const { name, breaker } of clients.all()) this.set({ subgraph: name }, breaker.open ? 1 : 0);
    },
  });
  registry.registerMetric(open);
}

/** A number that is read when somebody asks for it. */
export function watchNumber({ registry }: GatewayMetrics, name: string, help: string, read: () => number): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [],
    collect() {
      this.set(read());
    },
  });
  registry.registerMetric(gauge);
}
