import { type Graph, graphClient } from '../graph/graph-client.ts';
import { KIND_SPECS } from '../import/kinds.ts';
import { type References, references } from '../import/references.ts';
import { sendAll } from '../import/send.ts';
import { loadPromotions } from './load-promotions.ts';
import { loadToday } from './load-today.ts';
import { type Part, recordsOf, stagesOf } from './records.ts';
import { makeWorld, type WorldOptions } from './world.ts';

export interface DemoOptions {
  graphUrl: string;
  /** A token of the role service or admin. */
  token: string;
  /** A token of the role marketer or admin, who makes the promotions; without it there are none. */
  marketerToken?: string;
  onProgress?: (line: string) => void;
  /** Smaller than the whole, for tests. */
  size?: Pick<WorldOptions, 'people' | 'visitors'>;
  signal?: AbortSignal;
}

export interface DemoResult {
  /** False where it was loaded before and nothing was done. */
  loaded: boolean;
  /** The day that counts as today in the history. */
  anchor: Date;
  created: number;
  refused: number;
  seconds: number;
}

/** The source under which everything of the demo is remembered. */
export const DEMO_SOURCE = 'brezo';

/**
 * Loads the demo retailer through the graph. Its history ends on the day of the first load; that day is kept in the graph itself, so that a
 * load that was killed goes on with the same history, and a second load finds everything done.
 */
export async function loadDemo({
  graphUrl,
  token,
  marketerToken,
  onProgress = () => undefined,
  size,
  signal,
}: DemoOptions): Promise<DemoResult> {
  const graph = graphClient(graphUrl, token);
  const began = performance.now();
  try {
    const marker =
      (await readMarker(graph)) ??
      (await writeMarker(graph, { day: new Date().toISOString().slice(0, 10), complete: false }));
    const anchor = new Date(`${marker.day}T00:00:00Z`);
    const done = { loaded: false, anchor, created: 0, refused: 0, seconds: 0 };
    if (marker.complete) return done;
    const world = makeWorld({ anchor, ...size });
    const known = references(graph, DEMO_SOURCE);
    const result = await loadStages(graph, known, stagesOf(world, anchor), onProgress, signal);
    const refused = await loadToday(graph, known, world.today);
    if (refused.length > 0) onProgress(`${refused.length} of today's events were refused; the first: ${refused[0]}`);
    if (marketerToken) await promote(graphUrl, marketerToken, anchor, onProgress);
    result.created += world.today.carts.length + world.today.answers.length - refused.length;
    result.refused += refused.length;
    await writeMarker(graph, { ...marker, complete: true });
    return { ...done, ...result, loaded: true, seconds: (performance.now() - began) / 1_000 };
  } finally {
    await graph.close();
  }
}

async function promote(graphUrl: string, token: string, anchor: Date, say: (line: string) => void): Promise<void> {
  const graph = graphClient(graphUrl, token);
  try {
    for (const reason of await loadPromotions(graph, anchor)) say(`a promotion was refused: ${reason}`);
  } finally {
    await graph.close();
  }
}

async function loadStages(
  graph: Graph,
  known: References,
  stages: Part[][],
  say: (line: string) => void,
  signal?: AbortSignal,
) {
  const total = { created: 0, refused: 0 };
  for (const stage of stages) {
    signal?.throwIfAborted();
    const results = await Promise.all(stage.map((part) => loadPart(graph, known, part, say)));
    for (const { created, refused } of results) {
      total.created += created;
      total.refused += refused;
    }
  }
  return total;
}

/** Of each part, batches go one after the other: parts run side by side already. */
async function loadPart(graph: Graph, known: References, { name, kind, values }: Part, say: (line: string) => void) {
  const refused: string[] = [];
  const result = await sendAll(iterate(recordsOf(values)), {
    spec: KIND_SPECS[kind],
    context: { graph, source: DEMO_SOURCE, references: known },
    reference: (batch) => `${DEMO_SOURCE}-${name}-${batch}`,
    progress: { batches: 0, created: 0, unchanged: 0, refused: 0, done: false },
    parallel: 1,
    refuse: ({ row, field, reason }) => void refused.push(`${name} ${row}, ${field}: ${reason}`),
    acknowledged: () => undefined,
  });
  say(`${values.length.toLocaleString('en')} ${name}`);
  // The generator and the graph disagree: worth a line, not worth a retailer without demo data.
  if (refused.length > 0) say(`${refused.length} ${name} were refused; the first: ${refused[0]}`);
  return { created: result.created, refused: refused.length };
}

async function* iterate<T>(items: T[]): AsyncGenerator<T> {
  yield* items;
}

interface Marker {
  day: string;
  complete: boolean;
}

/** A gift card is a product that every shop has; the demo's remembers when it was made. */
const MARKER_SKU = 'BREZO-TARJETA-REGALO';
export const READ_MARKER = `query DemoMarker($sku: String!) { product(sku: $sku) { attributes } }`;

async function readMarker(graph: Graph): Promise<Marker | undefined> {
  type Answer = { product: { attributes: { demo?: Marker } } | null };
  const { product } = await graph.ask<Answer>(READ_MARKER, { sku: MARKER_SKU });
  return product?.attributes.demo;
}

async function writeMarker(graph: Graph, demo: Marker): Promise<Marker> {
  const card = {
    sku: MARKER_SKU,
    name: 'Tarjeta regalo Brezo 50 €',
    brand: 'Brezo',
    category: 'tarjetas regalo',
    price: { amount: 5_000, currency: 'EUR' },
    attributes: { demo },
  };
  await KIND_SPECS.products.send([{ row: 1, value: card }], {
    graph,
    source: DEMO_SOURCE,
    references: references(graph, DEMO_SOURCE),
    reference: '',
  });
  return demo;
}
