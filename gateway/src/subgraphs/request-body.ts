import { LRUCache } from 'lru-cache';

interface Request {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** Texts of subgraph operations, escaped for JSON; bounded by their length, because clients decide how many there are. */
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;
const escaped = new LRUCache<string, string>({
  maxSize: REMEMBERED_CHARACTERS,
  sizeCalculation: (json, text) => json.length + text.length + 1,
});

/** The JSON of a request to a subgraph. Its operation comes from a plan that is kept, so that only the variables are new. */
export function requestBody({ query = '', variables, operationName }: Request): string {
  let text = escaped.get(query);
  if (text === undefined) {
    text = JSON.stringify(query);
    escaped.set(query, text);
  }
  const given = variables === undefined ? '' : `,"variables":${JSON.stringify(variables)}`;
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return `{"query":${text}${given}${name}}`;
}
