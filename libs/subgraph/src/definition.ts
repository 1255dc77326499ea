import type { Caller, Keys } from '@trenza/auth';
import { customerMapProjection } from '@trenza/customers';
import {
  batch as anyBatch,
  defineConsumers as anyConsumers,
  each as anyEach,
  type BatchHandler,
  type Consumers,
  type Log,
  type Projection,
} from '@trenza/outbox';
import type { Tx } from '@trenza/database';
import type { EventOf, EventType, Producer } from '@trenza/events';
import type { DataSource, MixedList } from 'typeorm';
import type { Keeping } from './keeping.ts';

export interface Clock {
  now(): Date;
}

/** What use cases, handlers and jobs are given. */
export interface Deps {
  database: DataSource;
  clock: Clock;
  log: Log;
  /** To sign promises of value, and to check those of others. */
  keys: Keys;
}

/** What a resolver is given: one per request. */
export interface Context extends Deps {
  caller: Caller;
  requestId: string;
  now(): Date;
  /** How long others may keep the answer, where that is less than its fields say. */
  keeping: Keeping;
  /**
   * Loads by key, all keys of the same moment in one call of `batch` (in their order), each key once per request.
   * `batch` must be the same function each time: a function of the module, not a closure.
   */
  load<Key, Value>(batch: (keys: readonly Key[], ctx: Context) => Promise<readonly Value[]>, key: Key): Promise<Value>;
}

export interface Job {
  name: string;
  everySeconds: number;
  /** Runs on one replica at a time. Must bound its work: it is called again. */
  run(deps: Deps): Promise<unknown>;
}

type Class = Function;

export interface SubgraphDefinition {
  name: Producer;
  resolvers: readonly Class[];
  /** Types that no field mentions and that belong to the schema all the same. */
  orphanedTypes?: readonly Class[];
  /** How an entity that another subgraph names by its key becomes a whole one; without an entry it is handed on as it comes. */
  references?: Record<string, (reference: { id: string }, ctx: Context) => unknown>;
  /** Whether the caller, an associate, serves this customer: what rules with `served` ask. */
  serves?: (customerId: string, ctx: Context) => Promise<boolean>;
  consumers: Consumers<Deps>;
  /** Folder of `.sql` files. */
  migrations: string;
  entities?: MixedList<Class>;
  jobs?: readonly Job[];
  /** What can be built anew from the stream, by an admin. */
  projections?: readonly Projection<Deps>[];
  /** Identity decides which profile belongs to whom and keeps `customer_profile` itself; the others follow it. */
  ownsCustomerMap?: boolean;
}

/** What can be built anew: what the subgraph names, and the customer map of all that follow it. */
export const projectionsOf = ({ ownsCustomerMap, projections = [] }: SubgraphDefinition): Projection<Deps>[] => [
  ...(ownsCustomerMap ? [] : [customerMapProjection as Projection<Deps>]),
  ...projections,
];

/** What a subgraph is made of. */
export const defineSubgraph = (definition: SubgraphDefinition): SubgraphDefinition => definition;

/** Event type → handler. */
export const defineConsumers = (consumers: Consumers<Deps>): Consumers<Deps> => anyConsumers(consumers);

/** A handler that takes one event at a time; what it publishes is caused by that event. */
export const each = <T extends EventType>(
  handle: (tx: Tx, event: EventOf<T>, deps: Deps) => Promise<unknown>,
): BatchHandler<Deps, T> => anyEach(handle);

/** A handler that takes a run of consecutive events of its type at once, in few statements. */
export const batch = <T extends EventType>(handle: BatchHandler<Deps, T>): BatchHandler<Deps, T> => anyBatch(handle);
