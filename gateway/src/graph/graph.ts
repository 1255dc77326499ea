import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayInterface,
  GatewaySchemaLoadOrUpdateCallback,
} from '@apollo/server-gateway-interface';
import { GraphQLError, type GraphQLSchema, Kind, OperationTypeNode } from 'graphql';
import { SharedQueries } from '../caching/share-queries.ts';
import { needsStream, type Generation, type RequestContext } from './generation.ts';

/**
 * What Apollo Server executes on. A new supergraph is a new generation beside the old one: a request is executed by the generation
 * whose schema validated it, so a swap in the middle of a request changes nothing for it.
 */
export class Graph implements GatewayInterface {
  readonly #listeners = new Set<GatewaySchemaLoadOrUpdateCallback>();
  readonly #generations = new WeakMap<GraphQLSchema, Generation>();
  /** Per generation: the same text may mean something else in the next one. */
  readonly #shared = new WeakMap<Generation, SharedQueries>();
  #current: Generation;

  constructor(
    first: Generation,
    private readonly shareQueries: boolean,
  ) {
    this.#current = first;
    this.#generations.set(first.schema, first);
  }

  get current(): Generation {
    return this.#current;
  }

  swap(next: Generation): void {
    this.#generations.set(next.schema, next);
    this.#current = next;
    this.#announce();
  }

  onSchemaLoadOrUpdate(callback: GatewaySchemaLoadOrUpdateCallback): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  load(): Promise<{ executor: GatewayExecutor }> {
    this.#announce();
    return Promise.resolve({
      executor: (request) => {
        if (request.operation?.operation === OperationTypeNode.SUBSCRIPTION)
          return Promise.resolve({ errors: [needsStream()] });
        return this.#execute(this.#generations.get(request.schema) ?? this.#current, request);
      },
    });
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  #execute(generation: Generation, request: RequestContext): Promise<GatewayExecutionResult> {
    if (!request.operation) return Promise.resolve({ errors: [whichOperation(request)] });
    if (!this.shareQueries) return generation.execute(request);
    return this.#sharedOf(generation).execute(request, (own) => generation.execute(own));
  }

  #sharedOf(generation: Generation): SharedQueries {
    const known = this.#shared.get(generation) ?? new SharedQueries();
    this.#shared.set(generation, known);
    return known;
  }

  #announce(): void {
    const { schema: apiSchema, sdl: coreSupergraphSdl } = this.#current;
    for (const listener of this.#listeners) listener({ apiSchema, coreSupergraphSdl });
  }
}

/** Apollo Server leaves it to the executor to say that a document has not the operation that was asked for, or several. */
function whichOperation({ request: { operationName }, document }: RequestContext): GraphQLError {
  if (operationName) return new GraphQLError(`Unknown operation named "${operationName}".`);
  const several = document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return new GraphQLError(
    several ? 'Must provide operation name if query contains multiple operations.' : 'Must provide an operation.',
  );
}
