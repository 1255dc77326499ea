import type { Caller } from '@trenza/auth';
import DataLoader from 'dataloader';
import { Keeping } from './keeping.ts';
import type { Context, Deps } from './definition.ts';

/** One statement per this many keys: `any($1)` with more plans badly and holds the connection for long. */
const MAX_BATCH = 1_000;

type AnyBatch = (keys: readonly unknown[], ctx: Context) => Promise<readonly unknown[]>;

export function createContext(deps: Deps, caller: Caller, requestId: string): Context {
  const loaders = new Map<AnyBatch, DataLoader<unknown, unknown>>();
  const context: Context = {
    ...deps,
    caller,
    requestId,
    now: () => deps.clock.now(),
    keeping: new Keeping(),
    load<Key, Value>(
      batch: (keys: readonly Key[], ctx: Context) => Promise<readonly Value[]>,
      key: Key,
    ): Promise<Value> {
      const known = batch as unknown as AnyBatch;
      let loader = loaders.get(known);
      if (!loader) {
        loader = new DataLoader((keys) => known(keys, context), { maxBatchSize: MAX_BATCH, cacheKeyFn: cacheKey });
        loaders.set(known, loader);
      }
      return loader.load(key) as Promise<Value>;
    },
  };
  return context;
}

const cacheKey = (key: unknown): unknown => (typeof key === 'object' ? JSON.stringify(key) : key);
