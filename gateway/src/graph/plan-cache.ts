import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Plans are a few KB to a few hundred; strangers can ask for as many as they like. */
const MAX_BYTES = 30 * 1024 * 1024;

/** A parsed document weighs about so much per character of its text. */
const BYTES_PER_CHARACTER = 20;

export interface PlannedOperation {
  document: DocumentNode;
  operationName?: string;
  plan: QueryPlan;
}

/** The plans of the operations asked most recently, bounded by what they weigh. */
export class PlanCache {
  readonly #plans = new LRUCache<string, PlannedOperation>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ plan, document }) =>
      JSON.stringify(plan).length + BYTES_PER_CHARACTER * (document.loc?.source.body.length ?? 0),
  });

  get(key: string): PlannedOperation | undefined {
    return this.#plans.get(key);
  }

  set(key: string, operation: PlannedOperation): void {
    this.#plans.set(key, operation);
  }

  get size(): number {
    return this.#plans.size;
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
