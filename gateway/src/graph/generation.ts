import { createHash } from 'node:crypto';
import { setImmediate as yieldToRequests } from 'node:timers/promises';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import { operationFromDocument, Supergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode, type QueryPlan } from '@apollo/query-planner';
import type { GatewayExecutionResult, GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { type DocumentNode, getVariableValues, GraphQLError, type GraphQLSchema, validate } from 'graphql';
import { computeResponse } from '@apollo/gateway/dist/resultShaping.js';
import { executePlan } from '../execution/execute-plan.ts';
import { compileShape } from '../execution/shape.ts';
import { PlanCache, type PlannedOperation } from './plan-cache.ts';

/** Operations planned before a new supergraph is used, so that its first requests do not all wait for the planner. */
const WARMED_OPERATIONS = 500;

export type ServiceMap = Record<string, GraphQLDataSource>;
export type RequestContext = GatewayGraphQLRequestContext;

/** One supergraph, validated, with everything that is needed to answer operations over it. It never changes. */
export class Generation {
  readonly schema: GraphQLSchema;
  readonly plans = new PlanCache();
  readonly #apiSchema: Schema;
  readonly #planner: QueryPlanner;
  readonly #execution: { services: ServiceMap; supergraphSchema: GraphQLSchema };

  /** Throws where the supergraph is not valid. */
  constructor(
    readonly sdl: string,
    serviceOf: (subgraph: { name: string; url: string }) => GraphQLDataSource,
  ) {
    const supergraph = Supergraph.build(sdl, { validateSupergraph: true });
    this.#apiSchema = supergraph.apiSchema();
    this.schema = this.#apiSchema.toGraphQLJSSchema();
    this.#planner = new QueryPlanner(supergraph);
    this.#execution = {
      services: Object.fromEntries(
        supergraph.subgraphsMetadata().map((subgraph) => [subgraph.name, serviceOf(subgraph)]),
      ),
      supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    };
  }

  async execute(request: RequestContext): Promise<GatewayExecutionResult> {
    const operationName = request.request.operationName ?? undefined;
    const operation = this.#operation(request.queryHash, request.document, operationName);
    const { variableDefinitions, plan, shape } = operation;
    const variables = request.request.variables ?? {};
    if (variableDefinitions.length > 0) {
      const { errors } = getVariableValues(this.schema, variableDefinitions, variables);
      if (errors) return { errors: errors.map(asUserError) };
    }
    if (!shape) return this.#executeAsApollo(request, plan);
    const data: Record<string, unknown> = {};
    const errors: GraphQLError[] = [];
    const execution = { ...this.#execution, variableDefinitions: operation.conditions, request, data, errors };
    if (plan.node) await executePlan(execution, plan.node as PlanNode);
    const shaped = shape(data, variables);
    if (!shaped) return this.#shapeAsApollo(request, data, errors);
    return errors.length === 0 ? { data: shaped } : { errors, data: shaped };
  }

  /** What the executor of @apollo/gateway makes of it: of introspection, and of what it alone is known to do right. */
  #executeAsApollo(request: RequestContext, plan: QueryPlan): Promise<GatewayExecutionResult> {
    const context = this.#contextOf(request.document, request.request.operationName ?? undefined);
    const { services, supergraphSchema } = this.#execution;
    return executeQueryPlan(plan, services, request, context, supergraphSchema, this.#apiSchema, {});
  }

  /** Data that is not as the schema promises is answered, to the letter, as @apollo/gateway answers it. */
  #shapeAsApollo(
    request: RequestContext,
    input: Record<string, unknown>,
    errors: GraphQLError[],
  ): GatewayExecutionResult {
    const operation = operationFromDocument(this.#apiSchema, request.document, {
      operationName: request.request.operationName ?? undefined,
    });
    const { variables } = request.request;
    try {
      const shaped = computeResponse({ operation, variables, input, introspectionHandling: () => null });
      if (errors.length === 0 && shaped.errors.length > 0)
        return { extensions: { valueCompletion: shaped.errors }, data: shaped.data };
      return errors.length === 0 ? { data: shaped.data } : { errors, data: shaped.data };
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      return {
        errors: [error instanceof GraphQLError ? error : new GraphQLError(reason.message, { originalError: reason })],
      };
    }
  }

  #contextOf(operationDocument: DocumentNode, operationName?: string): ReturnType<typeof buildOperationContext> {
    return buildOperationContext({ schema: this.schema, operationDocument, operationName });
  }

  /** Everything about an operation that is the same whenever it is asked. */
  #operation(queryHash: string, document: DocumentNode, operationName?: string): PlannedOperation {
    const key = operationName === undefined ? queryHash : `${queryHash} ${operationName}`;
    return this.plans.find(key) ?? this.#plan(key, document, operationName);
  }

  #plan(key: string, document: DocumentNode, operationName?: string): PlannedOperation {
    const { variableDefinitions = [] } = this.#contextOf(document, operationName).operation;
    const operation = operationFromDocument(this.#apiSchema, document, { operationName });
    const plan = this.#planner.buildQueryPlan(operation);
    const planned = {
      document,
      operationName,
      variableDefinitions,
      conditions: operation.variableDefinitions,
      plan: plan.node?.kind === 'Subscription' ? asSequence(plan) : plan,
      shape: compileShape(operation),
    };
    this.plans.set(key, planned);
    return planned;
  }

  /** Plans what its predecessor was asked most recently and what clients have on their lists, a bit at a time. */
  async warm(predecessor: Generation | undefined, listed: readonly DocumentNode[]): Promise<void> {
    const recent = predecessor?.plans.recent(WARMED_OPERATIONS).toReversed() ?? [];
    for (const document of listed) {
      await yieldToRequests();
      const text = document.loc?.source.body;
      if (text && this.#answers(document)) this.#prepare(hashOf(text), document);
    }
    for (const [key, { document, operationName }] of recent) {
      await yieldToRequests();
      if (this.#answers(document)) this.#prepare(key, document, operationName);
    }
  }

  #prepare(key: string, document: DocumentNode, operationName?: string): void {
    if (!this.plans.has(key)) this.#plan(key, document, operationName);
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
