import { join } from 'node:path';

/** The repository's root: this file is `tools/{src,dist}/platform/services`. */
export const ROOT = join(__dirname, '..', '..', '..');

/** In the order of their ports: the gateway listens on PORT, these on PORT + 1 to PORT + 5. */
export const SUBGRAPHS = ['identity', 'loyalty', 'inventory', 'campaign', 'feedback'] as const;
export type Subgraph = (typeof SUBGRAPHS)[number];
export type ServiceName = Subgraph | 'gateway';

export const DEFAULT_PORT = 4000;
export const HOST = '127.0.0.1';

export const portOf = (name: ServiceName, port: number): number =>
  name === 'gateway' ? port : port + 1 + SUBGRAPHS.indexOf(name);

/** Where the gateway tells what it measures; the subgraphs, whom no client reaches, tell it on their own port. */
export const metricsPortOf = (port: number): number => port + 1 + SUBGRAPHS.length;

export const scriptOf = (name: ServiceName): string =>
  join(ROOT, ...(name === 'gateway' ? ['gateway'] : ['subgraphs', name]), 'dist', 'main.js');

/**
 * V8's heap of a service. All six with PostgreSQL and NATS then stay below 3 GiB even when every heap is full; at rest a service
 * uses a third of it. A batch of 1,000 imported rows, the largest input, is a few MiB.
 */
export const HEAP_MIB: Record<'gateway' | 'subgraph', number> = { gateway: 384, subgraph: 320 };
