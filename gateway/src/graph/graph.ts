import type {
  GatewayExecutor,
  GatewayInterface,
  GatewaySchemaLoadOrUpdateCallback,
} from '@apollo/server-gateway-interface';
import type { GraphQLSchema } from 'graphql';
import type { Generation } from './generation.ts';

/**
 * What Apollo Server executes on. A new supergraph is a new generation beside the old one: a request is executed by the generation
 * whose schema validated it, so a swap in the middle of a request changes nothing for it.
 */
export class Graph implements GatewayInterface {
  readonly #listeners = new Set<GatewaySchemaLoadOrUpdateCallback>();
  readonly #executors = new WeakMap<GraphQLSchema, GatewayExecutor>();
  #current: Generation;

  constructor(first: Generation) {
    this.#current = first;
    this.#executors.set(first.schema, first.execute);
  }

  get current(): Generation {
    return this.#current;
  }

  swap(next: Generation): void {
    this.#executors.set(next.schema, next.execute);
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
      executor: (request) => (this.#executors.get(request.schema) ?? this.#current.execute)(request),
    });
  }

  async stop(): Promise<void> {
    await this.#current.stop();
  }

  #announce(): void {
    const { schema: apiSchema, sdl: coreSupergraphSdl } = this.#current;
    for (const listener of this.#listeners) listener({ apiSchema, coreSupergraphSdl });
  }
}
