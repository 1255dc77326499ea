import type { Graph } from '../graph/graph-client.ts';
import type { Kind } from './mapping.ts';
import type { ImportRecord } from './records.ts';
import { IMPORT_PROFILES, type ImportedProfile, type References } from './references.ts';
import {
  type Fields,
  type Ids,
  consentItem,
  customerRow,
  eventItem,
  messageItem,
  opinionItem,
  orderItem,
  storeItem,
} from './shapes.ts';
import { text } from './expression.ts';

/** What the graph made of a batch. */
export interface BatchResult {
  created: number;
  unchanged: number;
  refusals: { index: number; field: string; reason: string }[];
}

export interface BatchContext {
  graph: Graph;
  source: string;
  references: References;
  /** Stays the same when the same batch is sent again. */
  reference: string;
}

export interface KindSpec {
  /** Parts of a record that count towards the size of a request: lines of orders. */
  weight: (record: ImportRecord) => number;
  /** The mutation that is sent. */
  document: string;
  send: (records: ImportRecord[], context: BatchContext) => Promise<BatchResult>;
}

/** The graph takes a thousand items at once; half of it is as quick and stays below its time limit on a busy machine. */
export const MAX_RECORDS = 500;
/** Lines of orders: a call of 8,000 ran into the gateway's time limit on a machine busy with other work, one of 2,000 is well below. */
export const MAX_WEIGHT = 2_000;

/** A batch that the graph did not take at all is a fault of the mapping or of the importer, not of a row: it stops the import. */
export class BatchRefused extends Error {}

const TRACK = `mutation Track($input: TrackInput!) {
  track(input: $input) { results { status message } errors { message } }
}`;

const one = (): number => 1;
const linesOf = ({ value }: ImportRecord): number => 1 + (Array.isArray(value['lines']) ? value['lines'].length : 0);
const fromSource = ({ source }: BatchContext): Fields => ({ source });
const asItIs = (fields: Fields): Fields => fields;

export const KIND_SPECS: Record<Kind, KindSpec> = {
  stores: counted({ mutation: 'importStores', list: 'stores', item: storeItem }),
  products: counted({ mutation: 'importProducts', list: 'products', item: asItIs }),
  stock: counted({ mutation: 'importStock', list: 'stock', about: ({ reference }) => ({ reference }), item: asItIs }),
  orders: counted({
    mutation: 'importOrders',
    list: 'orders',
    about: fromSource,
    names: ['customer'],
    item: orderItem,
    weight: linesOf,
  }),
  reviews: counted({
    mutation: 'importReviews',
    list: 'reviews',
    known: 'existing',
    about: fromSource,
    names: ['customer', 'storeCode'],
    item: opinionItem,
  }),
  answers: counted({
    mutation: 'importAnswers',
    list: 'answers',
    known: 'existing',
    about: fromSource,
    names: ['customer', 'storeCode'],
    item: opinionItem,
  }),
  consents: counted({
    mutation: 'importConsents',
    list: 'rows',
    known: 'unchanged',
    about: fromSource,
    names: ['customer'],
    item: consentItem,
  }),
  messages: counted({
    mutation: 'importMessages',
    list: 'messages',
    known: 'unchanged',
    about: fromSource,
    names: ['customer'],
    item: messageItem,
  }),
  customers: { weight: one, document: IMPORT_PROFILES, send: sendCustomers },
  history: { weight: one, document: TRACK, send: sendHistory },
};

type Named = 'customer' | 'sku' | 'storeCode';

interface CountedMutation {
  mutation: string;
  /** The field of the input that holds the items. */
  list: string;
  /** The counts of what was there already. */
  known?: string;
  /** What the input says besides the items. */
  about?: (context: BatchContext) => Fields;
  /** What an item names that the graph knows by an id. */
  names?: Named[];
  item: (fields: Fields, ids: Ids) => Fields;
  weight?: KindSpec['weight'];
}

/** Counts are null where the whole call was refused. */
interface Counts {
  created: number | null;
  updated?: number | null;
  unchanged?: number | null;
  existing?: number | null;
  refusals: { index: number; field: string; message: string }[] | null;
  errors: { message: string }[];
}

/** Mutations that answer with counts and the items that they refused. */
function counted(of: CountedMutation): KindSpec {
  const { mutation, list, known = 'updated unchanged', about = () => ({}), names = [], item, weight = one } = of;
  const input = `${mutation.replace('import', 'Import')}Input`;
  const document = `mutation Import($input: ${input}!) {
    ${mutation}(input: $input) { created ${known} refusals { index field message } errors { message } }
  }`;
  const send: KindSpec['send'] = async (records, context) => {
    const ids = await resolve(records, names, context);
    const items = records.map(({ value }) => item(value, ids));
    const answer = await context.graph.ask<Record<string, Counts>>(document, {
      input: { ...about(context), [list]: items },
    });
    const { created, updated, unchanged, existing, refusals, errors } = answer[mutation] as Counts;
    refuseWhole(errors);
    return {
      created: (created ?? 0) + (updated ?? 0),
      unchanged: (unchanged ?? 0) + (existing ?? 0),
      refusals: (refusals ?? []).map(({ index, field, message }) => ({ index, field, reason: message })),
    };
  };
  return { weight, document, send };
}

function refuseWhole(errors: { message: string }[]): void {
  if (errors.length > 0) throw new BatchRefused(errors.map((error) => error.message).join(' '));
}

/** Finds the ids of everything that the records name, a few questions for all of them. */
async function resolve(records: ImportRecord[], names: Named[], { references }: BatchContext): Promise<Ids> {
  const named = (name: Named): Map<string, string | undefined> => {
    const first = new Map<string, string | undefined>();
    if (names.includes(name)) {
      for (const { value } of records) {
        const key = value[name];
        if (key !== undefined && !first.has(text(key))) first.set(text(key), value['occurredAt'] as string | undefined);
      }
    }
    return first;
  };
  const [profiles, products, stores] = await Promise.all([
    references.profiles(named('customer')),
    references.products(named('sku').keys()),
    references.stores(named('storeCode').keys()),
  ]);
  return {
    profile: (number) => profiles.get(text(number)),
    product: (sku) => products.get(text(sku)),
    store: (code) => stores.get(text(code)),
  };
}

async function sendCustomers(
  records: ImportRecord[],
  { graph, source, references }: BatchContext,
): Promise<BatchResult> {
  const rows = records.map(({ value }) => customerRow(value));
  const { importProfiles } = await graph.ask<{
    importProfiles: { results: ImportedProfile[] | null; errors: { message: string }[] };
  }>(IMPORT_PROFILES, { input: { source, rows } });
  refuseWhole(importProfiles.errors);
  const results = importProfiles.results ?? [];
  for (const { sourceId, profileId } of results) if (profileId) references.learn(sourceId, profileId);
  return tally(
    results.map(({ created, profileId, message }) =>
      profileId ? (created ? 'created' : 'unchanged') : { field: 'externalId', reason: message },
    ),
  );
}

async function sendHistory(records: ImportRecord[], context: BatchContext): Promise<BatchResult> {
  const ids = await resolve(records, ['customer', 'sku', 'storeCode'], context);
  const events = records.map(({ value }) => eventItem(value, ids, context.source));
  const { track } = await context.graph.ask<{
    track: { results: { status: string; message: string | null }[] | null; errors: { message: string }[] };
  }>(TRACK, { input: { events } });
  refuseWhole(track.errors);
  return tally(
    (track.results ?? []).map(({ status, message }) =>
      status === 'ACCEPTED' ? 'created' : status === 'DUPLICATE' ? 'unchanged' : { field: 'event', reason: message },
    ),
  );
}

type Outcome = 'created' | 'unchanged' | { field: string; reason: string | null };

function tally(outcomes: Outcome[]): BatchResult {
  return {
    created: outcomes.filter((outcome) => outcome === 'created').length,
    unchanged: outcomes.filter((outcome) => outcome === 'unchanged').length,
    refusals: outcomes.flatMap((outcome, index) =>
      typeof outcome === 'string'
        ? []
        : [{ index, field: outcome.field, reason: outcome.reason ?? 'was not accepted' }],
    ),
  };
}
