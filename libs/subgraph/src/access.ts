import { ACCESS, type Access, type AccessRule, type Caller } from '@trenza/auth';
import { resolveCustomers } from '@trenza/customers';
import {
  defaultFieldResolver,
  GraphQLError,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Context, SubgraphDefinition } from './definition.ts';

const ROOTS = ['Query', 'Mutation', 'Subscription'];
/** Entities through which one reaches a customer's or a store's data: every field hung on them needs a rule. */
const GUARDED_ENTITIES = ['Customer', 'Store'];

export interface GuardedField {
  coordinate: string;
  access: Access;
}

/** The rule of a field: its own, else its type's. */
export const accessOf = (
  type: GraphQLObjectType,
  field: { extensions: Readonly<Record<string, unknown>> },
): Access | undefined =>
  (field.extensions[ACCESS] ?? (type.extensions as Record<string, unknown>)[ACCESS]) as Access | undefined;

/** Every field with a rule. Throws for those that need one and have none: a forgotten rule must not become an open door. */
export function guardedFields(schema: GraphQLSchema): GuardedField[] {
  const missing: string[] = [];
  const guarded: GuardedField[] = [];
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    if (type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const access = accessOf(type, field);
      const coordinate = `${type.name}.${field.name}`;
      if (access) guarded.push({ coordinate, access });
      else if (ROOTS.includes(type.name) || (GUARDED_ENTITIES.includes(type.name) && field.name !== 'id'))
        missing.push(coordinate);
    }
  }
  if (missing.length > 0)
    throw new Error(
      `These fields say nothing about who may ask: ${missing.join(', ')}. Put @Allow(…) on them (see CONTRIBUTING.md).`,
    );
  return guarded;
}

export type Resolver = GraphQLFieldResolver<unknown, Context, Record<string, unknown>>;

/** Lets the resolver run only for those whom the rule admits. */
export function guard(
  coordinate: string,
  access: Access,
  resolve: Resolver = defaultFieldResolver as Resolver,
  serves?: SubgraphDefinition['serves'],
): Resolver {
  if (access === 'anyone') return resolve;
  if (access.served && !serves)
    throw new Error(
      `${coordinate} is for those who serve a customer, and the subgraph does not say who does. Define \`serves\`.`,
    );
  return (root, args, ctx, info) => {
    if (access.roles.includes(ctx.caller.role as never)) return resolve(root, args, ctx, info);
    if (access.store && mayForStore(access, ctx.caller, root, args)) return resolve(root, args, ctx, info);
    if (access.served && ctx.caller.role === 'associate') {
      const asked = access.served(root, args);
      const served = asked ? serves!(asked, ctx) : Promise.resolve(false);
      return served.then((hers) => (hers ? resolve(root, args, ctx, info) : refuseUnserved(coordinate)));
    }
    if (access.self && ctx.caller.profileId) {
      return isHerself(access, root, args, ctx).then((herself) =>
        herself ? resolve(root, args, ctx, info) : refuse(coordinate, ctx.caller),
      );
    }
    return refuse(coordinate, ctx.caller);
  };
}

const mayForStore = (access: AccessRule, caller: Caller, root: unknown, args: Record<string, unknown>): boolean => {
  const store = caller.role === 'associate' ? access.store?.(root, args) : undefined;
  return store !== undefined && store !== null && caller.stores.includes(store);
};

async function isHerself(
  access: AccessRule,
  root: unknown,
  args: Record<string, unknown>,
  ctx: Context,
): Promise<boolean> {
  const asked = access.self?.(root, args);
  return !!asked && isSameCustomer(ctx, asked, ctx.caller.profileId!);
}

/** Two ids, of profiles or of customers once upon a time, that belong to one customer today. */
export async function isSameCustomer(ctx: Context, a: string, b: string): Promise<boolean> {
  if (a === b) return true;
  if (!isUuid(a) || !isUuid(b)) return false;
  const [customerA, customerB] = await Promise.all([ctx.load(loadCustomerIds, a), ctx.load(loadCustomerIds, b)]);
  return customerA === customerB;
}

const loadCustomerIds = (ids: readonly string[], ctx: Context): Promise<string[]> =>
  resolveCustomers(ctx.database, ids);

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

function refuse(coordinate: string, caller: Caller): never {
  if (caller.role === 'anonymous')
    throw new GraphQLError(`${coordinate} needs a token. Send it as "authorization: Bearer …".`, {
      extensions: { code: 'UNAUTHENTICATED' },
    });
  throw new GraphQLError(`A token with the role ${caller.role} may not ask for ${coordinate} here.`, {
    extensions: { code: 'FORBIDDEN' },
  });
}

function refuseUnserved(coordinate: string): never {
  throw new GraphQLError(
    `An associate may ask for ${coordinate} only of customers whom she serves: who has been in her store, or who tells her an e-mail address, telephone or card by which she looks her up.`,
    { extensions: { code: 'FORBIDDEN' } },
  );
}
