import { Kind, parse, type SelectionSetNode } from 'graphql';

/** One failed fetch can cost fields of many entities; beyond this many paths another one tells nobody anything. */
export const MOST_LOST_PATHS = 25;

interface Fetch {
  query?: string;
  variables?: Record<string, unknown>;
}

/**
 * The paths, within the answer to one fetch, of the fields that the fetch would have brought.
 * `_entities` paths carry the index of the entity; the gateway turns them into paths of the client's own operation.
 */
export function lostFields({ query, variables }: Fetch): (string | number)[][] {
  const operation = parse(query ?? '').definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (!operation) return [];
  const roots = responseNames(operation.selectionSet);
  if (roots[0] !== '_entities') return roots.slice(0, MOST_LOST_PATHS).map((name) => [name]);
  const [entities] = operation.selectionSet.selections;
  const fields = entities?.kind === Kind.FIELD && entities.selectionSet ? responseNames(entities.selectionSet) : [];
  const count = Array.isArray(variables?.representations) ? variables.representations.length : 0;
  const paths: (string | number)[][] = [];
  for (let index = 0; index < count; index++)
    for (const field of fields) {
      if (paths.length === MOST_LOST_PATHS) return paths;
      paths.push(['_entities', index, field]);
    }
  return paths;
}

function responseNames({ selections }: SelectionSetNode): string[] {
  const names = selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.alias?.value ?? selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? responseNames(selection.selectionSet) : [];
  });
  return [...new Set(names)].filter((name) => name !== '__typename');
}
