import type { AnyEvent } from '@trenza/events';
import {
  type DocumentNode,
  type ExecutionResult,
  getArgumentValues,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { type Generation, hashOf, type RequestContext } from '../graph/generation.ts';
import { withRequest } from '../http/current-request.ts';
import { startUpdateSpan } from '../http/tracing.ts';
import { checkCost } from '../limits/enforce-limits.ts';
import type { Limits } from '../limits/limits.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { missedEvents } from './catch-up.ts';
import { type EventFeed, type Listener } from './event-feed.ts';
import { interestOf } from './interest.ts';

/** Events that wait for one subscriber while her last one is being completed. */
const MOST_WAITING = 256;
/** Streams of one replica; each costs some KB and every event that it hears a plan. */
const MOST_STREAMS = 10_000;
/** The longest time that a timer can hold. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface LiveRequest {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** What a request over HTTP asks for as a stream: one operation, in the body or in the address. */
export function liveRequestOf(search: string, body: unknown): LiveRequest {
  const params = new URLSearchParams(search);
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>;
  const text = query ?? params.get('query');
  if (typeof text !== 'string') throw new Refusal('BAD_REQUEST', 'A stream answers one operation; send its text.', 400);
  return {
    query: text,
    variables: (variables ?? jsonOf(params.get('variables'))) as LiveRequest['variables'],
    operationName: typeof operationName === 'string' ? operationName : (params.get('operationName') ?? undefined),
  };
}

function jsonOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    throw new Refusal('BAD_REQUEST', 'The variables in the address are not JSON.', 400);
  }
}

export type Result = Omit<ExecutionResult, 'errors'> & { errors?: readonly GraphQLFormattedError[] };
export type ResultStream = AsyncIterableIterator<Result>;
type Item = AnyEvent | Refusal;

export interface LiveOptions {
  current: () => Generation;
  /** Throws while there is no connection to NATS. */
  feed: () => EventFeed;
  limits: Limits;
  format: (error: GraphQLError) => GraphQLFormattedError;
  /** Told of every event that was completed for a subscriber. */
  updated: (event: string, outcome: 'ok' | 'partial' | 'error', milliseconds: number) => void;
  log: Logger;
}

/** Operations that come over a stream: a subscription answers once per event, any other operation once. */
export class LiveOperations {
  readonly #open = new Set<BoundedQueue<Item>>();

  constructor(private readonly options: LiveOptions) {}

  get streams(): number {
    return this.#open.size;
  }

  /** Never throws: what is wrong with the request is the one result of its stream. */
  run(request: LiveRequest, context: GatewayContext): Promise<ResultStream> {
    return withRequest(context, async () => {
      try {
        const generation = this.options.current();
        const document = this.#validated(generation, request.query);
        const operation = getOperationAST(document, request.operationName);
        if (!operation) throw new Refusal('OPERATION_RESOLUTION_FAILURE', 'There is no such operation.', 400);
        checkCost(this.options.limits, generation.schema, document, operation, request.variables ?? {});
        const execute = (event?: AnyEvent) =>
          this.#execute(generation, request, { document, operation }, context, event);
        if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return once(await execute());
        return await this.#subscribe(generation, operation, request, context, execute);
      } catch (error) {
        return once({ errors: this.errorsOf(error) });
      }
    });
  }

  /** Says goodbye to everyone who listens. */
  close(): void {
    for (const queue of this.#open) queue.end();
  }

  #validated({ schema }: Generation, query: string): DocumentNode {
    const document = parseDocument(query);
    const errors = validate(schema, document);
    if (errors.length > 0) throw new Invalid(errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
    return document;
  }

  async #subscribe(
    generation: Generation,
    operation: OperationDefinitionNode,
    { variables }: LiveRequest,
    context: GatewayContext,
    execute: (event: AnyEvent) => Promise<Result>,
  ): Promise<ResultStream> {
    if (this.#open.size >= MOST_STREAMS)
      throw new Refusal('SUBSCRIPTION_LIMIT_EXCEEDED', 'Too many streams are open. Try again later.', 503, {
        limit: MOST_STREAMS,
        actual: this.#open.size + 1,
      });
    const { field, args } = rootOf(generation, operation, variables ?? {});
    const interest = await interestOf(generation, field, args, context);
    const feed = this.options.feed();
    let lastId: string | undefined;
    const queue = new BoundedQueue<Item>(MOST_WAITING, () => tooSlow(lastId));
    const listener: Listener = {
      topics: new Set(interest.topics),
      customerId: interest.customerId,
      hear: (event) => interest.admits(event) && queue.push(event),
    };
    this.#open.add(queue);
    queue.onClose(feed.listen(listener));
    queue.onClose(() => this.#open.delete(queue));
    queue.onClose(endWithToken(queue, context));
    const after = typeof args.after === 'string' ? args.after : undefined;
    const missed = after === undefined ? [] : await this.#missed(after, listener, queue);
    const results = this.#results(
      missed.filter((event) => interest.admits(event)),
      queue,
      context,
      execute,
      (id) => (lastId = id),
    );
    return closing(results, queue);
  }

  async #missed(after: string, { topics }: Listener, queue: BoundedQueue<Item>): Promise<AnyEvent[]> {
    try {
      return await missedEvents(this.options.feed(), after, topics);
    } catch (error) {
      queue.end();
      throw error;
    }
  }

  /** Completes event after event, each when the one before was taken: a slow reader waits in her queue, not in everybody's memory. */
  async *#results(
    missed: readonly AnyEvent[],
    queue: BoundedQueue<Item>,
    context: GatewayContext,
    execute: (event: AnyEvent) => Promise<Result>,
    taken: (id: string) => void,
  ): ResultStream {
    const replayed = new Set(missed.map(({ id }) => id));
    try {
      for (const event of missed) {
        taken(event.id);
        yield await withRequest(context, () => execute(event));
      }
      for await (const item of queue) {
        if (item instanceof Refusal) {
          yield { errors: withRequest(context, () => this.errorsOf(item)) };
          return;
        }
        if (replayed.has(item.id)) continue;
        taken(item.id);
        yield await withRequest(context, () => execute(item));
      }
    } finally {
      queue.end();
    }
  }

  async #execute(
    generation: Generation,
    { query, variables, operationName }: LiveRequest,
    { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
    context: GatewayContext,
    event?: AnyEvent,
  ): Promise<Result> {
    const started = performance.now();
    const own: GatewayContext = { ...context, event, deadline: started + this.options.limits.timeMs };
    const span = event && startUpdateSpan(own, event);
    try {
      const { data, errors } = await generation.execute({
        request: { query, variables, operationName },
        document,
        operation,
        operationName: operation.name?.value ?? null,
        source: query,
        queryHash: hashOf(query),
        schema: generation.schema,
        context: own,
        metrics: {},
        logger: this.options.log,
      } as unknown as RequestContext);
      const outcome = !errors ? 'ok' : data ? 'partial' : 'error';
      if (event) this.options.updated(event.type, outcome, performance.now() - started);
      return { data, ...(errors && { errors: errors.map(this.options.format) }) };
    } finally {
      span?.end();
    }
  }

  /** What a client gets to read about something that was thrown. */
  errorsOf(error: unknown): GraphQLFormattedError[] {
    const errors = error instanceof Invalid ? error.errors : [asGraphQLError(error)];
    return errors.map((one) => this.options.format(one));
  }
}

export function parseDocument(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (error) {
    throw new Invalid([withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')]);
  }
}

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError('unexpected', { originalError: error as Error });

const withCode = ({ message, nodes, source, positions }: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(message, { nodes, source, positions, extensions: { code } });

class Invalid extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super('The document is not valid.');
  }
}

/** A generator that waits for the next event hears of its own end only after it; the queue ends the waiting. */
function closing(results: ResultStream, queue: BoundedQueue<Item>): ResultStream {
  return {
    next: () => results.next(),
    return: () => {
      queue.end();
      return results.return!();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* once(result: Result): ResultStream {
  yield await Promise.resolve(result);
}

/** Validation has made sure that there is exactly one root field. */
function rootOf({ schema }: Generation, operation: OperationDefinitionNode, variables: Record<string, unknown>) {
  const node = operation.selectionSet.selections.find((selection) => selection.kind === Kind.FIELD);
  const definition = node && schema.getSubscriptionType()?.getFields()[node.name.value];
  if (!definition)
    throw new Refusal('BAD_REQUEST', 'Ask for the subscription field itself, not through a fragment.', 400);
  return { field: definition.name, args: getArgumentValues(definition, node, variables) };
}

/** A token that ends, ends what it opened. */
function endWithToken(queue: BoundedQueue<Item>, { expiresAt }: GatewayContext): () => void {
  if (expiresAt === undefined) return () => undefined;
  const left = Math.min(Math.max(0, expiresAt * 1_000 - Date.now()), LONGEST_TIMER_MS);
  const timer = setTimeout(
    () =>
      queue.end(
        new Refusal('TOKEN_EXPIRED', 'The token has expired. Sign in again and go on after the last event.', 401),
      ),
    left,
  );
  return () => clearTimeout(timer);
}

const tooSlow = (lastId: string | undefined): Refusal =>
  new Refusal(
    'SUBSCRIBER_TOO_SLOW',
    `More than ${MOST_WAITING} events were waiting. Subscribe again${lastId ? ` with after: "${lastId}"` : ''}.`,
    429,
    { limit: MOST_WAITING },
  );
