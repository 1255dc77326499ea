import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import { OperationTypeNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { RequestContext } from '../graph/generation.ts';
import type { CachePolicy } from './cache-policy.ts';

interface Shared {
  result: GatewayExecutionResult;
  cachePolicy: CachePolicy;
}

/**
 * The same query, with the same variables, by the same caller, while it is under way: asked once, answered to all. The key holds the
 * caller's token for subgraphs, so nobody can share with somebody else; mutations are never shared.
 */
export class SharedQueries {
  readonly #underWay = new Map<string, Promise<Shared>>();
  #shared = 0;

  /** How many did not have to be executed. */
  get shared(): number {
    return this.#shared;
  }

  async execute(
    request: RequestContext,
    execute: (request: RequestContext) => Promise<GatewayExecutionResult>,
  ): Promise<GatewayExecutionResult> {
    if (request.operation.operation !== OperationTypeNode.QUERY) return execute(request);
    const context = request.context as GatewayContext;
    const key = JSON.stringify([
      await context.internalToken(),
      request.queryHash,
      request.operationName,
      request.request.variables ?? null,
    ]);
    const known = this.#underWay.get(key);
    if (known) {
      this.#shared++;
      const { result, cachePolicy } = await known;
      context.cachePolicy = cachePolicy;
      return result;
    }
    const own = execute(request).then((result) => ({ result, cachePolicy: context.cachePolicy }));
    this.#underWay.set(key, own);
    try {
      return (await own).result;
    } finally {
      this.#underWay.delete(key);
    }
  }
}
