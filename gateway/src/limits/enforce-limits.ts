import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { countTokens, documentSize, type DocumentSize } from './document-size.ts';
import type { Limits } from './limits.ts';
import { operationCost } from './operation-cost.ts';

/** Texts that were measured and found small enough; by their length, because strangers can send as many as they like. */
const REMEMBERED_CHARACTERS = 8 * 1024 * 1024;

const SIZES: Record<keyof DocumentSize, { code: string; what: string }> = {
  depth: { code: 'DEPTH_LIMIT_EXCEEDED', what: 'levels deep' },
  aliases: { code: 'ALIAS_LIMIT_EXCEEDED', what: 'aliases long' },
  directives: { code: 'DIRECTIVE_LIMIT_EXCEEDED', what: 'directives long' },
  rootFields: { code: 'ROOT_FIELD_LIMIT_EXCEEDED', what: 'root fields wide' },
};

/** Measures a text before anything else is done with it: validation itself is dear for a document made to be dear. */
export function createTextLimits(limits: Limits): (text: string) => void {
  const fine = new LRUCache<string, true>({
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (_true, text) => Math.max(1, text.length),
  });
  return (text) => {
    if (fine.has(text)) return;
    const tokens = countTokens(text, limits.tokens);
    if (tokens > limits.tokens)
      throw exceeded(
        'TOKEN_LIMIT_EXCEEDED',
        `The document has more than ${limits.tokens} tokens.`,
        limits.tokens,
        tokens,
      );
    const document = parsed(text);
    if (!document) return;
    const size = documentSize(document);
    for (const [name, { code, what }] of Object.entries(SIZES)) {
      const actual = size[name as keyof DocumentSize];
      const limit = limits[name as keyof DocumentSize];
      if (actual > limit)
        throw exceeded(code, `The operation is ${actual} ${what}; ${limit} are allowed. Split it.`, limit, actual);
    }
    fine.set(text, true);
  };
}

/** Estimates what a valid operation would cost, and refuses it before a subgraph is asked. */
export const costLimits = (limits: Limits): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, document, operation, request }) => {
        if (operation) checkCost(limits, schema, document, operation, request.variables ?? {});
        return Promise.resolve();
      },
    }),
});

export function checkCost(limits: Limits, ...operation: Parameters<typeof operationCost>): void {
  const { cost, pageSize } = operationCost(...operation);
  if (pageSize > limits.pageSize)
    throw exceeded(
      'PAGE_SIZE_LIMIT_EXCEEDED',
      `A page of ${pageSize} was asked for; ${limits.pageSize} are allowed. Ask for the next page with "after".`,
      limits.pageSize,
      pageSize,
    );
  if (cost > limits.cost)
    throw exceeded(
      'COST_LIMIT_EXCEEDED',
      `The answer could hold ${cost} objects; ${limits.cost} are allowed. Ask for smaller pages.`,
      limits.cost,
      cost,
    );
}

export function checkBatch(operations: number, { batch }: Limits): void {
  if (operations > batch)
    throw exceeded(
      'BATCH_LIMIT_EXCEEDED',
      `${operations} operations were sent at once; ${batch} are allowed.`,
      batch,
      operations,
    );
}

const exceeded = (code: string, message: string, limit: number, actual: number): Refusal =>
  new Refusal(code, message, 400, { limit, actual });

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true });
  } catch {
    // Apollo Server parses it again and says what is wrong with it.
    return undefined;
  }
}
