import type { ApolloServer } from '@apollo/server';
import { createKeys, generateKeyPair, type Caller, type Keys } from '@trenza/auth';
import { connect, sql, type Tx } from '@trenza/database';
import { newId, parseEvent, PRODUCERS, withCause, type AnyEvent, type EventOf, type EventType } from '@trenza/events';
import { handleEvents, type ConsumerOptions, type Log } from '@trenza/outbox';
import {
  buildSubgraph,
  consumersOf,
  createApollo,
  createContext,
  enableReplay,
  migrationsOf,
  type Context,
  type Deps,
  type SubgraphDefinition,
} from '@trenza/subgraph';
import type { DataSource } from 'typeorm';
import { FixedClock } from './fixed-clock.ts';
import { cloneDatabase } from './test-database.ts';

const OWNERS = [...PRODUCERS, 'gateway', 'sign-in'];

/** Keys of every service, new for each test run: `keysOf('loyalty')` signs as loyalty does. */
const pairs = Object.fromEntries(OWNERS.map((owner) => [owner, generateKeyPair()]));
const publicKeys = Object.fromEntries(OWNERS.map((owner) => [owner, pairs[owner]!.publicKey]));
export const keysOf = (owner: string): Keys => createKeys(owner, pairs[owner]!.privateKey, publicKeys);

export interface GraphAnswer {
  // Tests read deep into answers of many shapes; typing each would hide what the test says.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
  errors:
    | readonly { message: string; path?: readonly (string | number)[]; extensions?: Record<string, unknown> }[]
    | undefined;
}

export interface As {
  graph: (document: string, variables?: Record<string, unknown>) => Promise<GraphAnswer>;
}

type CallerOptions = Partial<Omit<Caller, 'profileId'>> & { role: Caller['role']; customerId?: string };

export interface TestSubgraph extends As {
  /** Asks as somebody else; `graph` by itself asks as an admin. */
  as(caller: CallerOptions): As;
  /** As if the event had come from JetStream: through the inbox, in one transaction. Rejects with what the handler throws. */
  receive(...events: AnyEvent[]): Promise<void>;
  /** What lies in the outbox, in order: all of it, or one type. */
  published<T extends EventType>(type: T): Promise<EventOf<T>[]>;
  published(): Promise<AnyEvent[]>;
  /** Runs a job of the subgraph once. */
  runJob(name: string): Promise<void>;
  sql<Row = Record<string, unknown>>(statement: string, values?: readonly unknown[]): Promise<Row[]>;
  readonly clock: FixedClock;
  readonly deps: Deps;
  readonly database: DataSource;
  readonly manager: Tx;
}

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A subgraph on a database of its own, with its schema, rules, inbox and outbox, without HTTP and relay. Call it in `describe` or at the top. */
export function testSubgraph(definition: SubgraphDefinition): TestSubgraph {
  const clock = new FixedClock();
  let database: DataSource;
  let apollo: ApolloServer<Context>;
  let deps: Deps;
  let options: ConsumerOptions<Deps>;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const clone = await cloneDatabase(definition.name, migrationsOf(definition));
    drop = clone.drop;
    database = await connect({ url: clone.url, name: `test-${definition.name}`, entities: definition.entities });
    const log: Log = process.env['LOG_LEVEL']
      ? { ...silent, error: (data, message) => console.error(message, data) }
      : silent;
    deps = { database, clock, log, keys: keysOf(definition.name) };
    options = {
      name: definition.name,
      database,
      bus: undefined as never,
      consumers: consumersOf(definition),
      deps,
      log,
    };
    enableReplay(options);
    apollo = createApollo(definition.name, buildSubgraph(definition).schema, deps);
    await apollo.start();
  });

  afterAll(async () => {
    await apollo?.stop();
    await database?.destroy();
    await drop?.();
  });

  const as = ({ customerId, ...caller }: CallerOptions): As => ({
    async graph(document, variables = {}) {
      const requestId = newId();
      const full: Caller = { subject: 'test', stores: [], ...caller, ...(customerId && { profileId: customerId }) };
      const cause = {
        causationId: requestId,
        correlationId: requestId,
        traceparent: `00-${'0'.repeat(31)}1-${'0'.repeat(15)}1-01`,
      };
      const contextValue = createContext(deps, full, requestId);
      const response = await withCause(cause, () =>
        apollo.executeOperation({ query: document, variables }, { contextValue }),
      );
      if (response.body.kind !== 'single') throw new Error('Incremental answers are not used here.');
      // Through JSON, as a client gets it.
      return JSON.parse(
        JSON.stringify({ data: response.body.singleResult.data ?? null, errors: response.body.singleResult.errors }),
      ) as GraphAnswer;
    },
  });

  return {
    as,
    graph: as({ role: 'admin' }).graph,
    receive: (...events) =>
      handleEvents(
        options,
        events.map((event) => parseEvent(JSON.parse(JSON.stringify(event)))),
      ),
    async published(type?: EventType) {
      const rows = await sql<{ payload: string }>(database, 'select payload from outbox order by id');
      const events = rows.map((row) => parseEvent(JSON.parse(row.payload)));
      return (type ? events.filter((event) => event.type === type) : events) as never;
    },
    async runJob(name) {
      const job = definition.jobs?.find((candidate) => candidate.name === name);
      if (!job) throw new Error(`${definition.name} has no job "${name}".`);
      await job.run(deps);
    },
    sql: (statement, values) => sql(database, statement, values),
    clock,
    get deps() {
      return deps;
    },
    get database() {
      return database;
    },
    get manager() {
      return database.manager;
    },
  };
}
