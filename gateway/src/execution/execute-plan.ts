import { errorCodeDef, ERRORS, type VariableDefinitions } from '@apollo/federation-internals';
import type { GraphQLDataSource } from '@apollo/gateway';
import { applyRewrites } from '@apollo/gateway/dist/dataRewrites.js';
import { GraphQLDataSourceRequestKind } from '@apollo/gateway/dist/datasources/types.js';
import { generateHydratedPaths } from '@apollo/gateway/dist/executeQueryPlan.js';
import { deepMerge } from '@apollo/gateway/dist/utilities/deepMerge.js';
import {
  evaluateCondition,
  type FetchNode,
  type PlanNode,
  type QueryPlanSelectionNode,
  type ResponsePath,
} from '@apollo/query-planner';
import type { GatewayGraphQLRequestContext, GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { MOST_LOST_PATHS } from '../subgraphs/lost-fields.ts';
import { collectRepresentations, type Json, representationOf, type Representations } from './representations.ts';

type Path = (string | number)[];

export interface Execution {
  request: GatewayGraphQLRequestContext;
  services: Readonly<Record<string, GraphQLDataSource>>;
  supergraphSchema: GraphQLSchema;
  variableDefinitions: VariableDefinitions;
  /** Everything that subgraphs have brought so far. */
  data: Json;
  errors: GraphQLError[];
}

/** Where in the data a part of the plan goes on: one object, or all objects at a path through lists. */
interface Place {
  path: Path;
  data: unknown;
}

/**
 * Executes a plan of Apollo's planner: what it means is what the executor of @apollo/gateway does. Left out is what we have no use
 * for (reports to Apollo, spans inside our own); and an entity that occurs many times is asked for once.
 */
export async function executePlan(execution: Execution, plan: PlanNode): Promise<void> {
  await executeNode(execution, plan, { path: [], data: execution.data });
}

/**
 * No async function, whose promise would cost something at every level of a plan. It never throws, because then the other parts of the
 * plan would go on with nobody to hear how they end.
 */
function executeNode(execution: Execution, node: PlanNode, place: Place): Promise<unknown> {
  try {
    return followNode(execution, node, place);
  } catch (error) {
    return Promise.reject(error);
  }
}

const NOTHING_TO_DO = Promise.resolve();

function followNode(execution: Execution, node: PlanNode, place: Place): Promise<unknown> {
  switch (node.kind) {
    case 'Fetch':
      return executeFetch(execution, node, place);
    case 'Sequence':
      return executeInTurn(execution, node.nodes, place);
    case 'Parallel':
      return Promise.all(node.nodes.map((child) => executeNode(execution, child, place)));
    case 'Flatten': {
      const data = objectsAt(place.data, node.path, 0);
      return data ? executeNode(execution, node.node, { path: [...place.path, ...node.path], data }) : NOTHING_TO_DO;
    }
    case 'Condition': {
      const { variables } = execution.request.request;
      const branch = evaluateCondition(node, execution.variableDefinitions, variables)
        ? node.ifClause
        : node.elseClause;
      return branch ? executeNode(execution, branch, place) : NOTHING_TO_DO;
    }
    default:
      throw new Error('The gateway does not answer in parts, but the plan has a @defer.');
  }
}

async function executeInTurn(execution: Execution, nodes: readonly PlanNode[], place: Place): Promise<void> {
  for (const node of nodes) await executeNode(execution, node, place);
}

/** What is at a path, an `@` of which goes through every item of a list. */
function objectsAt(value: unknown, path: ResponsePath, from: number): unknown {
  if (from === path.length || value === undefined || value === null) return value;
  const step = path[from]!;
  if (step === '@') return (value as unknown[]).flatMap((item) => objectsAt(item, path, from + 1));
  if (Array.isArray(value)) throw new Error(`A subgraph brought a list where the plan has the field "${step}".`);
  return objectsAt(Object.hasOwn(value, step) ? (value as Json)[step] : undefined, path, from + 1);
}

async function executeFetch(execution: Execution, fetch: FetchNode, place: Place): Promise<void> {
  try {
    const entities = (Array.isArray(place.data) ? place.data : [place.data]).filter(
      (entity): entity is Json => entity !== null && entity !== undefined,
    );
    if (entities.length === 0) return;
    const { requires } = fetch;
    const representations = requires && representationsOf(execution, fetch, requires, entities);
    if (representations?.distinct.length === 0) return;
    const answer = await send(execution, fetch, place, representations);
    const data = received(execution, fetch, place, representations, answer);
    if (representations) mergeEntities(execution, fetch, entities, representations, data);
    else mergeRoots(execution, fetch, entities, data);
  } catch (error) {
    execution.errors.push(error as GraphQLError);
  }
}

function representationsOf(
  { supergraphSchema: schema }: Execution,
  fetch: FetchNode,
  requires: QueryPlanSelectionNode[],
  entities: readonly Json[],
): Representations {
  return collectRepresentations(entities, (entity) => {
    const representation = representationOf(schema, entity, requires);
    // A rewrite may set the name of a type, so what has none is recognised before.
    if (!representation?.['__typename']) return null;
    applyRewrites(schema, fetch.inputRewrites, representation);
    return representation;
  });
}

function mergeRoots(execution: Execution, fetch: FetchNode, entities: readonly Json[], data: Json | undefined): void {
  if (data) applyRewrites(execution.supergraphSchema, fetch.outputRewrites, data);
  for (const entity of entities) deepMerge(entity, data);
}

function mergeEntities(
  { supergraphSchema: schema }: Execution,
  fetch: FetchNode,
  entities: readonly Json[],
  { distinct, standsFor }: Representations,
  data: Json | undefined,
): void {
  if (!data) return;
  const brought = data['_entities'];
  if (!Array.isArray(brought)) throw new Error('Expected "data._entities" in response to be an array');
  if (brought.length !== distinct.length)
    throw new Error(`Expected "data._entities" to contain ${distinct.length} elements`);
  brought.forEach((entity: Json | null, index) => {
    const places = standsFor[index]!;
    places.forEach((at, nth) => {
      // Each place gets objects of its own: what is merged into one of them later must not show in another.
      const own = nth === places.length - 1 ? entity : copyOf(entity);
      // One representation may stand for entities of several types, where the subgraph knows only their interface.
      if (own && !own['__typename']) own['__typename'] = entities[at]!['__typename'];
      applyRewrites(schema, fetch.outputRewrites, own as Json);
      deepMerge(entities[at], own);
    });
  });
}

/** Of data that came as JSON. */
function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Json = {};
  for (const [key, item] of Object.entries(value))
    if (key === '__proto__') Object.defineProperty(copy, key, { value: copyOf(item), enumerable: true });
    else copy[key] = copyOf(item);
  return copy as T;
}

function send(
  { request, services }: Execution,
  fetch: FetchNode,
  { path }: Place,
  representations: Representations | undefined,
): Promise<GatewayGraphQLResponse> {
  const service = services[fetch.serviceName];
  if (!service) throw new Error(`Couldn't find service with name "${fetch.serviceName}"`);
  const variables: Json = {};
  const given = request.request.variables;
  for (const name of fetch.variableUsages ?? [])
    if (given && Object.hasOwn(given, name) && given[name] !== undefined) variables[name] = given[name];
  if (representations) {
    if ('representations' in variables) throw new Error('Variables cannot contain key "representations"');
    variables['representations'] = representations.distinct;
  }
  return service.process({
    kind: GraphQLDataSourceRequestKind.INCOMING_OPERATION,
    request: { query: fetch.operation, variables, operationName: fetch.operationName },
    incomingRequestContext: request,
    context: request.context,
    document: fetch.operationDocumentNode,
    pathInIncomingRequest: path,
  });
}

/** Keeps the errors of an answer and hands over its data. */
function received(
  execution: Execution,
  { serviceName }: FetchNode,
  { path }: Place,
  representations: Representations | undefined,
  answer: GatewayGraphQLResponse,
): Json | undefined {
  if (answer.errors)
    for (const [error, at] of placed(answer.errors, path, execution.data, representations))
      execution.errors.push(asClientError(error, serviceName, at));
  return answer.data as Json | undefined;
}

/** The errors of a fetch with their paths in the whole operation; of an entity that stands in many places one for each of these. */
function placed(
  errors: readonly GraphQLFormattedError[],
  path: Path,
  data: Json,
  representations: Representations | undefined,
): [GraphQLFormattedError, Path | undefined][] {
  let places: Path[] | undefined;
  const found = errors.flatMap((error): [number, GraphQLFormattedError, Path | undefined][] => {
    const [, index, ...rest] = error.path ?? [];
    if (!representations || typeof index !== 'number') return [[-1, error, error.path && [...path, ...error.path]]];
    if (!places) generateHydratedPaths([], path, data, (places = []));
    const all = places;
    return (representations.standsFor[index] ?? []).map((at) => [at, error, [...(all[at] ?? []), ...rest]]);
  });
  if (found.length === errors.length) return found.map(([, error, at]) => [error, at]);
  // One lost entity can be asked for in a thousand places; so many paths tell nobody more than the first.
  return found
    .toSorted(([one], [other]) => one - other)
    .slice(0, Math.max(MOST_LOST_PATHS, errors.length))
    .map(([, error, at]) => [error, at]);
}

function asClientError(error: GraphQLFormattedError, serviceName: string, path: Path | undefined): GraphQLError {
  const message = error.message || `Error while fetching subquery from service "${serviceName}"`;
  const options = { path, extensions: { ...error.extensions, serviceName } };
  const federation = errorCodeDef(error);
  const make = () =>
    !federation && error.extensions?.code
      ? new GraphQLError(message, options)
      : (federation ?? ERRORS.DOWNSTREAM_SERVICE_ERROR).err(message, options);
  return withoutStack(make);
}

/** What went wrong went wrong elsewhere: where we are just now helps nobody, and costs more than all the rest while a subgraph is away. */
function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
