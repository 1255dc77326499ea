import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { AnyEvent } from '@trenza/events';
import { execute, parse } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { storeOf } from './event-feed.ts';

/** The name under which live.graphql is composed into the supergraph. */
export const LIVE_SUBGRAPH = 'live';

const schema = buildSubgraphSchema(parse(readFileSync(join(__dirname, '..', '..', 'live.graphql'), 'utf8')));

/**
 * The subgraph that is the gateway itself: it answers the first fetch of a subscription with the event at hand. All that the client
 * wants to know besides comes from the other subgraphs, by the same plan as in any query and with the subscriber's rights.
 */
export const liveSource: GraphQLDataSource<GatewayContext> = {
  async process({
    request,
    context,
  }: GraphQLDataSourceProcessOptions<GatewayContext>): Promise<GatewayGraphQLResponse> {
    const { event } = context as GatewayContext;
    if (!event) throw new Error('A subscription is executed without an event.');
    const document = parse(request.query ?? '');
    const answer = await execute({ schema, document, rootValue: rootOf(event), variableValues: request.variables });
    return { data: answer.data ?? null, errors: answer.errors?.map((error) => error.toJSON()) };
  },
};

function rootOf(event: AnyEvent): Record<string, unknown> {
  const { id: eventId, type, occurredAt, customerId, profileId } = event;
  const customer = customerId ?? profileId;
  const store = storeOf(event);
  const activity = {
    eventId,
    type,
    occurredAt,
    customer: customer && { id: customer },
    store: store && { id: store },
  };
  if (event.type !== 'feedback.alert.raised.v1') return { customerActivity: activity, storeActivity: activity };
  const { alertId, metric, scope, scopeId, value, baseline } = event.data;
  const alertStore = scope === 'store' ? { id: scopeId } : null;
  return { alerts: { eventId, occurredAt, alertId, metric, scope, scopeId, value, baseline, store: alertStore } };
}
