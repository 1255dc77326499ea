import { Kind, parse, type SelectionSetNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** One failed fetch can cost fields of many entities; beyond this many paths another one tells nobody anything. */
export const MOST_LOST_PATHS = 25;

interface Fetch {
  query?: string;
  variables?: Record<string, unknown>;
}

/** The operations that were parsed for it; while a subgraph is away, the same few are lost over and over. */
const REMEMBERED_OPERATIONS = 500;
const parsed = new LRUCache<string, Lost>({ max: REMEMBERED_OPERATIONS });

interface Lost {
  /** Of each entity, not of the whole answer. */
  ofEntities: boolean;
  names: readonly string[];
}

/**
 * The paths, within the answer to one fetch, of the fields that the fetch would have brought.
 * `_entities` paths carry the index of the entity; the gateway turns them into paths of the client's own operation.
 */
export function lostFields({ query = '', variables }: Fetch): (string | number)[][] {
  let lost = parsed.get(query);
  if (!lost) parsed.set(query, (lost = lostBy(query)));
  const { ofEntities, names } = lost;
  if (!ofEntities) return names.slice(0, MOST_LOST_PATHS).map((name) => [name]);
  const count = Array.isArray(variables?.representations) ? variables.representations.length : 0;
  const paths: (string | number)[][] = [];
  for (let index = 0; index < count; index++)
    for (const name of names) {
      if (paths.length === MOST_LOST_PATHS) return paths;
      paths.push(['_entities', index, name]);
    }
  return paths;
}

function lostBy(query: string): Lost {
  const operation = parse(query).definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (!operation) return { ofEntities: false, names: [] };
  const roots = responseNames(operation.selectionSet);
  if (roots[0] !== '_entities') return { ofEntities: false, names: roots };
  const [entities] = operation.selectionSet.selections;
  const set = entities?.kind === Kind.FIELD ? entities.selectionSet : undefined;
  return { ofEntities: true, names: set ? responseNames(set) : [] };
}

function responseNames({ selections }: SelectionSetNode): string[] {
  const names = selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.alias?.value ?? selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? responseNames(selection.selectionSet) : [];
  });
  return [...new Set(names)].filter((name) => name !== '__typename');
}
