/** Operations by id, the id without the `sha256:` that some tools put before it. */
export type Manifest = ReadonlyMap<string, string>;

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';
const PREFIX = 'sha256:';

export const bareId = (id: string): string => (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id);

interface ApolloManifest {
  format: typeof APOLLO_FORMAT;
  version: number;
  operations: { id: string; body: string }[];
}

/** Reads both formats in use: Apollo's manifest, and graphql-codegen's `persistedDocuments` (an object from id to text). */
export function parseManifest(json: unknown): Manifest {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('A manifest is a JSON object.');
  if ('format' in json) return fromApollo(json as ApolloManifest);
  const entries = Object.entries(json);
  const odd = entries.find(([, text]) => typeof text !== 'string');
  if (odd) throw new Error(`The manifest's entry "${odd[0]}" is no operation text.`);
  return new Map(entries.map(([id, text]) => [bareId(id), String(text)]));
}

function fromApollo({ format, version, operations }: ApolloManifest): Manifest {
  if (format !== APOLLO_FORMAT || version !== 1)
    throw new Error(`The manifest says format "${format}" version ${version}; known is "${APOLLO_FORMAT}" version 1.`);
  const odd = operations.findIndex(({ id, body }) => typeof id !== 'string' || typeof body !== 'string');
  if (odd >= 0) throw new Error(`Operation ${odd} of the manifest has no id or no body.`);
  return new Map(operations.map(({ id, body }) => [bareId(id), body]));
}
