import type { Graph } from '../graph/graph-client.ts';

/** Turns what files say (customer numbers, skus, store codes) into the ids of the graph, asking for each once. */
export interface References {
  /** A number that identity does not know yet becomes a profile of its own, first seen at the given time. */
  profiles(numbers: ReadonlyMap<string, string | undefined>): Promise<Map<string, string>>;
  products(skus: Iterable<string>): Promise<Map<string, string>>;
  stores(codes: Iterable<string>): Promise<Map<string, string>>;
  /** Remembers what an import of customers has just been told. */
  learn(number: string, profileId: string): void;
}

export interface ImportedProfile {
  sourceId: string;
  profileId: string | null;
  created: boolean;
  code: string | null;
  message: string | null;
}

export const IMPORT_PROFILES = `mutation ImportProfiles($input: ImportProfilesInput!) {
  importProfiles(input: $input) {
    results { sourceId profileId created code message }
    errors { message }
  }
}`;

export const PRODUCT_IDS = `query ProductIds($skus: [String!]!, $first: Int!) {
  products(filter: { skus: $skus, includeInactive: true }, first: $first) { edges { node { id sku } } }
}`;
export const STORE_ID = `query StoreId($code: String!) { store(code: $code) { id } }`;

/** A page of the graph. */
const PAGE = 100;
const PROFILES_AT_ONCE = 1_000;

export function references(graph: Graph, source: string): References {
  const profiles = new Map<string, string>();
  const products = cached((skus) => findProducts(graph, skus));
  const stores = cached((codes) => findStores(graph, codes));
  return {
    products,
    stores,
    learn: (number, profileId) => void profiles.set(number, profileId),
    async profiles(numbers) {
      const unknown = [...numbers].filter(([number]) => !profiles.has(number));
      for (const part of parts(unknown, PROFILES_AT_ONCE)) {
        for (const [number, id] of await makeProfiles(graph, source, part)) profiles.set(number, id);
      }
      return profiles;
    },
  };
}

async function makeProfiles(
  graph: Graph,
  source: string,
  numbers: [string, string | undefined][],
): Promise<[string, string][]> {
  const rows = numbers.map(([sourceId, seenAt]) => ({ sourceId, ...(seenAt && { occurredAt: seenAt }) }));
  const { importProfiles } = await graph.ask<{ importProfiles: { results: ImportedProfile[] | null } }>(
    IMPORT_PROFILES,
    {
      input: { source, rows },
    },
  );
  return (importProfiles.results ?? []).flatMap(({ sourceId, profileId }): [string, string][] =>
    profileId ? [[sourceId, profileId]] : [],
  );
}

/** What does not exist is asked for again next time: it may have been imported meanwhile. */
function cached(
  find: (keys: string[]) => Promise<Map<string, string>>,
): (keys: Iterable<string>) => Promise<Map<string, string>> {
  const known = new Map<string, string>();
  return async (keys) => {
    const unknown = [...new Set(keys)].filter((key) => !known.has(key));
    if (unknown.length > 0) for (const [key, id] of await find(unknown)) known.set(key, id);
    return known;
  };
}

async function findProducts(graph: Graph, skus: string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const part of parts(skus, PAGE)) {
    const { products } = await graph.ask<{ products: { edges: { node: { id: string; sku: string } }[] } }>(
      PRODUCT_IDS,
      {
        skus: part,
        first: PAGE,
      },
    );
    for (const { node } of products.edges) found.set(node.sku, node.id);
  }
  return found;
}

async function findStores(graph: Graph, codes: string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const code of codes) {
    const { store } = await graph.ask<{ store: { id: string } | null }>(STORE_ID, { code });
    if (store) found.set(code, store.id);
  }
  return found;
}

export function* parts<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
