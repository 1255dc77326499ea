import type { Bus } from '@trenza/bus';
import { sql } from '@trenza/database';
import { producersOf, type ConsumerObserver } from '@trenza/outbox';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** An answer that takes longer counts as none: probes ask every few seconds. */
const PROBE_TIMEOUT_MS = 2_000;

export interface Readiness {
  ok: boolean;
  database: boolean;
  bus: boolean;
}

/** Ready to do work: the database answers and the bus is connected. */
export async function isReady(database: DataSource, bus: Bus): Promise<Readiness> {
  const answers = await Promise.race([
    sql(database, 'select 1').then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PROBE_TIMEOUT_MS).unref()),
  ]);
  return { ok: answers && bus.isConnected(), database: answers, bus: bus.isConnected() };
}

export type Outcome = 'ok' | 'refused' | 'failed';

export interface Metrics {
  contentType: string;
  read(): Promise<string>;
  requested(operation: string, outcome: Outcome, seconds: number): void;
  consumption: ConsumerObserver;
}

/** Seconds; from a read by key to the longest statement that anybody waits for. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Prometheus metrics of one subgraph: requests, and how far behind the backbone is. */
export function createMetrics(name: string, database: DataSource, bus: Bus, consumers: object): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: name });
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'trenza_request_seconds',
    help: 'Time from request to answer, by root field; refused is what the caller has to mend, failed what we have to.',
    labelNames: ['operation', 'outcome'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const count = (metric: string, help: string, statement: string): Gauge =>
    new Gauge({
      name: metric,
      help,
      registers: [registry],
      async collect() {
        const [row] = await sql<{ n: number }>(database, statement).catch(() => []);
        if (row) this.set(row.n);
      },
    });
  count('trenza_outbox_pending', 'Events that the relay has not carried yet.', 'select count(*) as n from outbox');
  count(
    'trenza_outbox_lag_seconds',
    'Age of the oldest event that the relay has not carried yet.',
    'select coalesce(extract(epoch from now() - min(created_at)), 0)::float as n from outbox',
  );
  count(
    'trenza_dead_letters',
    'Events that could not be handled.',
    `select count(*) as n from dead_letter where status = 'open'`,
  );
  new Gauge({
    name: 'trenza_consumer_lag',
    help: 'Events of a producer that have not been handled yet.',
    labelNames: ['producer'],
    registers: [registry],
    async collect() {
      for (const producer of producersOf(consumers)) {
        const lag = await bus.lag(producer, name).catch(() => null);
        if (lag !== null) this.set({ producer }, lag);
      }
    },
  });
  return {
    contentType: registry.contentType,
    read: () => registry.metrics(),
    consumption: measureConsumption(registry),
    requested: (operation, outcome, seconds) => requests.observe({ operation, outcome }, seconds),
  };
}

function measureConsumption(registry: Registry): ConsumerObserver {
  const registers = [registry];
  const events = new Counter({
    name: 'trenza_events_total',
    help: 'Events that were handled, or put aside as dead letters (outcome buried), by their type.',
    labelNames: ['event', 'outcome'],
    registers,
  });
  const batches = new Histogram({
    name: 'trenza_batch_seconds',
    help: 'Time to handle the events of one transaction.',
    buckets: BUCKETS,
    registers,
  });
  return {
    handled: (handled, seconds) => {
      batches.observe(seconds);
      for (const { type } of handled) events.inc({ event: type, outcome: 'handled' });
    },
    buried: (type) => events.inc({ event: type, outcome: 'buried' }),
  };
}
