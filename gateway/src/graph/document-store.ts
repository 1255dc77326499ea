import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

/** Operations parsed and found valid. Strangers can ask for as many as they like, and the heap of the gateway is a few hundred MiB. */
const MAX_BYTES = 32 * 1024 * 1024;

/** What a token of a document weighs in memory with its share of nodes and places: 400 bytes, by heap snapshots of short and long operations. */
const BYTES_PER_TOKEN = 400;

/** How long a document is; its spaces and comments weigh nothing. */
export function tokensOf({ loc }: DocumentNode): number {
  let tokens = 1;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) tokens++;
  return tokens;
}

/** Apollo Server's own bounds documents by their JSON, which is a fifth of what they weigh: 30 MiB of that were more than half of our heap. */
export function createDocumentStore(): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MAX_BYTES,
    sizeCalculation: (document) => BYTES_PER_TOKEN * tokensOf(document),
  });
  return {
    get: (key) => Promise.resolve(documents.get(key)),
    set: (key, document) => {
      documents.set(key, document);
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(documents.delete(key)),
  };
}
