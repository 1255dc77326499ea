import type { ApolloServerOptions } from '@apollo/server';
import { execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Context } from './definition.ts';

/** The gateway sends a few hundred different operations; a compiled one is some 100 kB. */
const COMPILED_QUERIES = 500;

type Gateway = NonNullable<ApolloServerOptions<Context>['gateway']>;
type Executor = Awaited<ReturnType<Gateway['load']>>['executor'];

/**
 * Executes compiled operations: 4–8 times as fast as walking the document for a page of rows. Apollo Server takes no executor, but it takes a
 * "gateway" that brings one along. What does not compile is executed the ordinary way.
 */
export function compilingGateway(schema: GraphQLSchema): Gateway {
  const executor = createExecutor(schema);
  return {
    load: () => Promise.resolve({ executor }),
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    stop: () => Promise.resolve(),
  };
}

function createExecutor(schema: GraphQLSchema): Executor {
  const compiled = new LRUCache<string, { query: CompiledQuery['query'] | null }>({ max: COMPILED_QUERIES });
  return async ({ document, operationName, queryHash, context, request }): Promise<ExecutionResult> => {
    const key = `${queryHash}:${operationName ?? ''}`;
    let entry = compiled.get(key);
    if (!entry) {
      const result = compileQuery(schema, document, operationName ?? undefined);
      entry = { query: isCompiledQuery(result) ? result.query : null };
      compiled.set(key, entry);
    }
    const variables = request.variables ?? {};
    if (entry.query) return entry.query(undefined, context, variables);
    return execute({ schema, document, operationName, contextValue: context, variableValues: variables });
  };
}
