import type { QueryPlan } from '@apollo/query-planner';
import type { VariableDefinitions } from '@apollo/federation-internals';
import type { DocumentNode, VariableDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Shape } from '../execution/shape.ts';
import { tokensOf } from './document-store.ts';

/** Plans are a few KB to a few hundred; strangers can ask for as many as they like. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What a token of an operation weighs with all that is kept of it (document, shape and their closures), and a character of its plan's JSON. */
const BYTES_PER_TOKEN = 600;
const BYTES_PER_CHARACTER_OF_PLAN = 3;

export interface PlannedOperation {
  document: DocumentNode;
  operationName?: string;
  plan: QueryPlan;
  variableDefinitions: readonly VariableDefinitionNode[];
  /** The same as the planner knows them, for the conditions in its plan. */
  conditions: VariableDefinitions;
  /** Absent where @apollo/gateway is to execute the plan. */
  shape?: Shape;
}

/** The plans of the operations asked most recently, bounded by what they weigh. */
export class PlanCache {
  readonly #plans = new LRUCache<string, PlannedOperation>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ plan, document }) =>
      BYTES_PER_CHARACTER_OF_PLAN * JSON.stringify(plan).length + BYTES_PER_TOKEN * tokensOf(document),
  });

  hits = 0;
  misses = 0;

  /** For a request: whether its plan was there is counted. */
  find(key: string): PlannedOperation | undefined {
    const known = this.#plans.get(key);
    if (known) this.hits++;
    else this.misses++;
    return known;
  }

  has(key: string): boolean {
    return this.#plans.has(key);
  }

  set(key: string, operation: PlannedOperation): void {
    this.#plans.set(key, operation);
  }

  get size(): number {
    return this.#plans.size;
  }

  get bytes(): number {
    return this.#plans.calculatedSize;
  }

  /** The most recently asked first. */
  recent(count: number): [string, PlannedOperation][] {
    const recent: [string, PlannedOperation][] = [];
    for (const entry of this.#plans.entries()) {
      if (recent.length === count) break;
      recent.push(entry);
    }
    return recent;
  }
}
