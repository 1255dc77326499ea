import { composeServices } from '@apollo/composition';
import { type DefinitionNode, type DocumentNode, GraphQLError, type NameNode, parse, printError } from 'graphql';

export interface SubgraphSdl {
  name: string;
  url: string;
  sdl: string;
}

/** Why the subgraphs do not fit together: one readable problem each, with the lines of the schemas that it is about. */
export class CompositionFailed extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The subgraphs do not compose:\n\n${problems.join('\n\n')}`);
  }
}

export function compose(subgraphs: readonly SubgraphSdl[]): string {
  const parsed = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: read(name, sdl) }));
  const result = composeServices(parsed);
  if (result.errors) throw new CompositionFailed(result.errors.map((error) => readable(error, parsed)));
  return result.supergraphSdl;
}

function read(name: string, sdl: string): DocumentNode {
  try {
    return parse(sdl);
  } catch (error) {
    throw new CompositionFailed([`[${name}] ${error instanceof GraphQLError ? printError(error) : String(error)}`]);
  }
}

interface Parsed {
  name: string;
  typeDefs: DocumentNode;
}

function readable(error: GraphQLError, subgraphs: readonly Parsed[]): string {
  const { code } = error.extensions;
  const message = typeof code === 'string' ? `${code}: ${error.message}` : error.message;
  const named = [...error.message.matchAll(/"([A-Za-z_]\w*)(?:\.(\w+))?/g)];
  const places = named.flatMap(([, type, field]) =>
    subgraphs.flatMap(({ name, typeDefs }) =>
      linesOf(typeDefs, type!, field).map((line) => `  subgraphs/${name}/schema.graphql:${line}`),
    ),
  );
  return [message, ...new Set(places)].join('\n');
}

type Named = { name?: NameNode };

/** Composition names types and fields by their coordinates; these are the lines where a schema defines them. */
function linesOf({ definitions }: DocumentNode, type: string, field: string | undefined): number[] {
  const types = definitions.filter((definition) => (definition as Named).name?.value === type);
  const nodes = field === undefined ? types : types.flatMap(membersOf).filter(({ name }) => name?.value === field);
  return (nodes as Named[]).flatMap(({ name }) => name?.loc?.startToken.line ?? []);
}

function membersOf(definition: DefinitionNode): readonly Named[] {
  if ('fields' in definition) return definition.fields ?? [];
  return 'values' in definition ? (definition.values ?? []) : [];
}
