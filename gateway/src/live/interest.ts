import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyEvent } from '@trenza/events';
import { GraphQLError, parse } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { type Generation, hashOf, type RequestContext } from '../graph/generation.ts';
import type { Topic } from './event-feed.ts';

interface Rule {
  roles: string[];
  herself: boolean;
  ownStore: boolean;
}
/** Who may listen to what; `npm run schema` writes the same rules into docs/authorisation.md. */
const RULES = JSON.parse(readFileSync(join(__dirname, '..', '..', 'live-access.json'), 'utf8')) as Record<string, Rule>;

export interface Interest {
  topics: Topic[];
  customerId?: string;
  admits(event: AnyEvent): boolean;
}

const all = (): boolean => true;

/** What a subscription listens to, if its caller may. */
export async function interestOf(
  generation: Generation,
  field: string,
  args: Record<string, unknown>,
  context: GatewayContext,
): Promise<Interest> {
  const coordinate = `Subscription.${field}`;
  const rule = RULES[coordinate];
  if (!rule) throw new Error(`${coordinate} says nothing about who may listen. Put it into live-access.json.`);
  const { caller } = context;
  const everyone = rule.roles.includes(caller.role);
  if (field === 'customerActivity') {
    const asked = String(args.customerId);
    if (!everyone && !(rule.herself && caller.role === 'customer')) throw refused(coordinate, context);
    const customerId = await currentCustomer(generation, asked, context);
    return { topics: [`customer:${asked}`, `customer:${customerId}`], customerId: asked, admits: all };
  }
  if (field === 'storeActivity') {
    const storeId = String(args.storeId);
    const hers = rule.ownStore && caller.role === 'associate' && caller.stores.includes(storeId);
    if (!everyone && !hers) throw refused(coordinate, context);
    return { topics: [`store:${storeId}`], admits: all };
  }
  if (everyone) return { topics: ['alerts'], admits: all };
  if (!rule.ownStore || caller.role !== 'associate') throw refused(coordinate, context);
  return { topics: ['alerts'], admits: (event) => isAlertOf(event, caller.stores) };
}

function isAlertOf(event: AnyEvent, stores: readonly string[]): boolean {
  if (event.type !== 'feedback.alert.raised.v1') return false;
  return event.data.scope === 'store' && stores.includes(event.data.scopeId);
}

const CUSTOMER = 'query SubscribedCustomer($id: ID!) { customer(id: $id) { id } }';
const CUSTOMER_DOCUMENT = parse(CUSTOMER);

/** Asks the owner of customers, with the caller's rights: who may not see her may not listen to her. */
async function currentCustomer(generation: Generation, id: string, context: GatewayContext): Promise<string> {
  const { data, errors } = await generation.execute({
    request: { query: CUSTOMER, variables: { id } },
    document: CUSTOMER_DOCUMENT,
    queryHash: hashOf(CUSTOMER),
    schema: generation.schema,
    context,
    metrics: {},
  } as unknown as RequestContext);
  const [error] = errors ?? [];
  if (error) throw new GraphQLError(error.message, { extensions: { code: error.extensions.code } });
  const customer = (data as { customer?: { id: string } | null } | null)?.customer;
  if (!customer) throw new Refusal('NOT_FOUND', 'There is no such customer.', 404);
  return customer.id;
}

const refused = (coordinate: string, { caller }: GatewayContext): Refusal =>
  caller.role === 'anonymous'
    ? new Refusal('UNAUTHENTICATED', `${coordinate} needs a token.`, 401)
    : new Refusal('FORBIDDEN', `A token with the role ${caller.role} may not ask for ${coordinate} here.`, 403);
