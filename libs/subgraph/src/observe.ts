import type { ApolloServerPlugin } from '@apollo/server';
import { newTraceparent } from '@trenza/events';
import { isTracing, startSpan, type Span } from '@trenza/telemetry';
import { Kind, type OperationDefinitionNode } from 'graphql';
import type { Context } from './definition.ts';
import type { Metrics, Outcome } from './health.ts';

/** What is to be mended here; anything else was refused for what was asked. */
const FAILURES = new Set(['INTERNAL_SERVER_ERROR', 'SUBGRAPH_UNAVAILABLE']);

/** One request: what it is measured as, and its span while tracing is on. */
export class Observation {
  readonly #started = performance.now();
  readonly #span: Span | undefined;
  /** Under which everything that it does belongs. */
  readonly traceparent: string;
  /** Until GraphQL has understood it. */
  operation = 'none';
  outcome: Outcome = 'refused';
  code = 'none';

  constructor(
    private readonly metrics: Metrics,
    sent: string | undefined,
  ) {
    this.#span = isTracing() ? startSpan('graphql', 'server', sent) : undefined;
    this.traceparent = this.#span?.traceparent ?? sent ?? newTraceparent();
  }

  end(): void {
    this.metrics.requested(this.operation, this.outcome, (performance.now() - this.#started) / 1_000);
    if (!this.#span) return;
    this.#span.named(this.operation).set({ operation: this.operation, outcome: this.outcome });
    if (this.outcome === 'failed') this.#span.failed(this.code);
    this.#span.end();
  }
}

/** Apollo Server copies the context, so what belongs to it has to lie in it; resolvers do not see it. */
const OBSERVATION = Symbol('observation');
type Observed = Context & { [OBSERVATION]?: Observation };

export const observeWith = (context: Observed, observation: Observation): Context =>
  Object.assign(context, { [OBSERVATION]: observation });

const listener = {
  willSendResponse({
    contextValue,
    operation,
    response,
  }: {
    contextValue: Observed;
    operation?: OperationDefinitionNode;
    response: {
      body: { kind: string; singleResult?: { errors?: readonly { extensions?: Record<string, unknown> }[] } };
    };
  }): Promise<void> {
    const observation = contextValue[OBSERVATION];
    if (!observation) return DONE;
    if (operation) observation.operation = labelOf(operation);
    const codes = response.body.singleResult?.errors?.map(({ extensions }) => String(extensions?.['code'])) ?? [];
    const failure = codes.find((code) => FAILURES.has(code));
    observation.outcome = failure ? 'failed' : codes.length > 0 ? 'refused' : 'ok';
    observation.code = failure ?? codes[0] ?? 'none';
    return DONE;
  },
};
const DONE = Promise.resolve();
const LISTENER = Promise.resolve(listener);

/** Tells the observation of a request what it was and how it went. */
export const observeOperations: ApolloServerPlugin<Context> = { requestDidStart: () => LISTENER };

const labels = new WeakMap<OperationDefinitionNode, string>();

/**
 * By its root field, as the schema has it, for names of operations are the client's and without number. Of entities by their type; what asks for
 * several is one label.
 */
export function labelOf(operation: OperationDefinitionNode): string {
  const known = labels.get(operation);
  if (known) return known;
  const fields = new Set(
    operation.selectionSet.selections.map((selection) =>
      selection.kind === Kind.FIELD ? selection.name.value : 'several',
    ),
  );
  const [field = 'several'] = fields;
  const label = fields.size > 1 ? 'several' : field === '_entities' ? entityOf(operation) : field;
  labels.set(operation, label);
  return label;
}

function entityOf({ selectionSet }: OperationDefinitionNode): string {
  const types = new Set(
    selectionSet.selections.flatMap((field) =>
      field.kind === Kind.FIELD
        ? (field.selectionSet?.selections ?? []).flatMap((fragment) =>
            fragment.kind === Kind.INLINE_FRAGMENT ? [fragment.typeCondition?.name.value] : [],
          )
        : [],
    ),
  );
  const [type] = types;
  return types.size === 1 && type ? `_entities ${type}` : '_entities';
}
