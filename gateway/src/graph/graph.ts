import type {
  GatewayExecutor,
  GatewayInterface,
  GatewaySchemaLoadOrUpdateCallback,
} from '@apollo/server-gateway-interface';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { needsStream, type Generation } from './generation.ts';

/**
 * What Apollo Server executes on. A new supergraph is a new generation beside the old one: a request is executed by the generation
 * whose schema validated it, so a swap in the middle of a request changes nothing for it.
 */
export class Graph implements GatewayInterface {
  readonly #listeners = new Set<GatewaySchemaLoadOrUpdateCallback>();
  readonly #generations = new WeakMap<GraphQLSchema, Generation>();
  #current: Generation;

  constructor(first: Generation) {
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
        return (this.#generations.get(request.schema) ?? this.#current).execute(request);
      },
    });
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  #announce(): void {
    const { schema: apiSchema, sdl: coreSupergraphSdl } = this.#current;
    for (const listener of this.#listeners) listener({ apiSchema, coreSupergraphSdl });
  }
}
