import { createHash } from 'node:crypto';
import { setImmediate as yieldToRequests } from 'node:timers/promises';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import { operationFromDocument, Supergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode, type QueryPlan } from '@apollo/query-planner';
import type { GatewayExecutionResult, GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { type DocumentNode, getVariableValues, GraphQLError, type GraphQLSchema, validate } from 'graphql';
import { PlanCache } from './plan-cache.ts';

/** Operations planned before a new supergraph is used, so that its first requests do not all wait for the planner. */
const WARMED_OPERATIONS = 500;

export type ServiceMap = Record<string, GraphQLDataSource>;
export type RequestContext = GatewayGraphQLRequestContext;

/** One supergraph, validated, with everything that is needed to answer operations over it. It never changes. */
export class Generation {
  readonly schema: GraphQLSchema;
  readonly plans = new PlanCache();
  readonly #supergraphSchema: GraphQLSchema;
  readonly #apiSchema: Schema;
  readonly #planner: QueryPlanner;
  readonly #services: ServiceMap;

  /** Throws where the supergraph is not valid. */
  constructor(
    readonly sdl: string,
    serviceOf: (subgraph: { name: string; url: string }) => GraphQLDataSource,
  ) {
    const supergraph = Supergraph.build(sdl, { validateSupergraph: true });
    this.#supergraphSchema = supergraph.schema.toGraphQLJSSchema();
    this.#apiSchema = supergraph.apiSchema();
    this.schema = this.#apiSchema.toGraphQLJSSchema();
    this.#planner = new QueryPlanner(supergraph);
    this.#services = Object.fromEntries(
      supergraph.subgraphsMetadata().map((subgraph) => [subgraph.name, serviceOf(subgraph)]),
    );
  }

  async execute(request: RequestContext): Promise<GatewayExecutionResult> {
    const operationName = request.request.operationName ?? undefined;
    const context = buildOperationContext({
      schema: this.schema,
      operationDocument: request.document,
      operationName,
    });
    const { variableDefinitions = [] } = context.operation;
    const { errors } = getVariableValues(this.schema, variableDefinitions, request.request.variables ?? {});
    if (errors) return { errors: errors.map(asUserError) };
    const plan = this.plan(request.queryHash, request.document, operationName);
    return executeQueryPlan(
      plan.node?.kind === 'Subscription' ? asSequence(plan) : plan,
      this.#services,
      request,
      context,
      this.#supergraphSchema,
      this.#apiSchema,
      {},
    );
  }

  plan(queryHash: string, document: DocumentNode, operationName?: string): QueryPlan {
    const key = operationName === undefined ? queryHash : `${queryHash} ${operationName}`;
    const known = this.plans.get(key);
    if (known) return known.plan;
    const plan = this.#planner.buildQueryPlan(operationFromDocument(this.#apiSchema, document, { operationName }));
    this.plans.set(key, { document, operationName, plan });
    return plan;
  }

  /** Plans what its predecessor was asked most recently and what clients have on their lists, a bit at a time. */
  async warm(predecessor: Generation | undefined, listed: readonly DocumentNode[]): Promise<void> {
    const recent = predecessor?.plans.recent(WARMED_OPERATIONS).toReversed() ?? [];
    for (const document of listed) {
      await yieldToRequests();
      const text = document.loc?.source.body;
      if (text && this.#answers(document)) this.plan(hashOf(text), document);
    }
    for (const [key, { document, operationName }] of recent) {
      await yieldToRequests();
      if (!this.#answers(document)) continue;
      this.plan(operationName === undefined ? key : key.slice(0, key.indexOf(' ')), document, operationName);
    }
  }

  #answers(document: DocumentNode): boolean {
    return validate(this.schema, document).length === 0;
  }
}

/** The SHA-256 by which Apollo Server, and so the plan cache, knows a text. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A variable that does not fit its type is the client's to mend. */
const asUserError = ({ message, nodes }: GraphQLError): GraphQLError =>
  new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT' } });

/** A subscription is executed once per event: the fetch that brings the event, then the fetches that complete it. */
function asSequence({ node }: QueryPlan): QueryPlan {
  if (node?.kind !== 'Subscription') throw new Error('This plan is no subscription.');
  const nodes: PlanNode[] = node.rest ? [node.primary, node.rest] : [node.primary];
  return { kind: 'QueryPlan', node: { kind: 'Sequence', nodes } };
}

/** Subscriptions are streams; what comes here asked for one answer. */
export const needsStream = (): GraphQLError =>
  new GraphQLError('A subscription needs a stream: graphql-ws, graphql-sse or multipart/mixed;subscriptionSpec=1.0.', {
    extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM', http: { status: 400 } },
  });
