import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { DomainError, encodeCursor, GraphQLDateTimeISO } from '@trenza/values';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { auditLook, auditRead } from '../audit/write-audit.ts';
import { CustomerIdentifier, CustomerIdentifierType } from '../identifiers/identifier.type.ts';
import { DEFAULT_COUNTRY, normalise } from '../identifiers/normalise.ts';
import { readReason } from '../identifiers/reason.ts';
import {
  Customer,
  CustomerAttribute,
  CustomerConnection,
  CustomerContact,
  CustomerCount,
  CustomerPreferences,
  CustomerState,
  type QuietHours,
} from './customer.type.ts';
import { loadCustomers, loadGolden, loadIdentifiers, type CustomerRow } from './load.ts';
import { isUsable } from './preferences.ts';
import { maskAttribute, maskIdentifier, seesContact } from './mask.ts';
import { countCustomers, customerIdBy, PRESENTED, recordLookUp, searchCustomers } from './search-customers.ts';
import { limitLookUps } from './served.ts';
import { CUSTOMER_STATES, stateOf } from './state.ts';
import type { Candidate, Golden } from './survivorship.ts';

/** Those who work with any customer, one at a time. */
const SERVING = ['care', 'admin', 'service'] as const;
const ALL_CUSTOMERS = ['marketer', 'care', 'analyst', 'admin', 'service'] as const;
const STAFF = ['associate', 'marketer', 'care', 'analyst', 'admin', 'service'] as const;
type ById = { id: string };
const herself = ({ id }: { id: string }): string => id;

@Resolver(() => Customer)
export class CustomerResolver {
  @Query(() => Customer, {
    nullable: true,
    description:
      'A customer by any id she or one of her profiles ever had. Null where there is none, or where she was erased. An associate may ask for those whom she serves.',
  })
  @Allow({
    roles: [...ALL_CUSTOMERS],
    self: (_: unknown, args: ById) => args.id,
    served: (_: unknown, args: ById) => args.id,
  })
  async customer(
    @Arg('id', () => ID, { description: 'Any id of hers.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Customer | null> {
    const row = await ctx.load(loadCustomers, id);
    return row && !row.erased ? { id: row.customerId } : null;
  }

  @Query(() => Customer, {
    nullable: true,
    description:
      'The customer behind an identifier, which is normalised first. An associate looks up what the customer tells her (an e-mail, a telephone, a card, a till number), serves her for that day, and at most 300 of them in 12 hours.',
  })
  @Allow({ roles: ['associate', ...SERVING] })
  async customerByIdentifier(
    @Arg('type', () => CustomerIdentifierType, { description: 'What kind of identifier it is.' })
    type: CustomerIdentifierType,
    @Arg('value', () => String, { description: 'The identifier as it was given.' }) value: string,
    @Arg('country', () => String, {
      nullable: true,
      description: 'ISO 3166 country in which telephone numbers without +code are read.',
    })
    country: string | null,
    @Ctx() ctx: Context,
  ): Promise<Customer | null> {
    const normal = normalise(type, value, country ?? DEFAULT_COUNTRY);
    if ('refused' in normal)
      throw new DomainError('INVALID_IDENTIFIER', `The ${type} cannot be looked up: ${normal.refused}.`, ['value']);
    if (ctx.caller.role === 'associate' && !PRESENTED.includes(type))
      throw new DomainError('NOT_PRESENTED', `No customer tells her ${type}. Look her up by ${PRESENTED.join(', ')}.`, [
        'type',
      ]);
    await limitLookUps(ctx.database, ctx);
    const id = await customerIdBy(ctx, type, normal.value);
    await recordLookUp(ctx, id ? [id] : [], type);
    return id ? { id } : null;
  }

  @Query(() => CustomerConnection, {
    description:
      'Customers, the newest first: all, or those found by a name or by any identifier. An associate sees those who have been in her stores, and whoever has exactly the e-mail, telephone or card that she types.',
  })
  @Allow({ roles: [...STAFF] })
  async customers(
    @Arg('search', () => String, {
      nullable: true,
      description: 'Words of a name, or an identifier such as an e-mail or a card.',
    })
    search: string | null,
    @Arg('state', () => CustomerState, { nullable: true, description: 'Only people of this state.' })
    state: CustomerState | null,
    @Arg('first', () => Int, { nullable: true, description: '1 to 100; 20 where it is left out.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last one seen.' }) after: string | null,
    @Ctx() ctx: Context,
  ): Promise<CustomerConnection> {
    const { ids, size, hasPrevious } = await searchCustomers(ctx, { search, state, first, after });
    const edges = ids.slice(0, size).map((id) => ({ cursor: encodeCursor([id]), node: { id } }));
    const pageInfo = {
      hasNextPage: ids.length > size,
      hasPreviousPage: hasPrevious,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    };
    return { edges, pageInfo };
  }

  @Query(() => [CustomerCount], {
    description: 'How many people there are of each state: everyone counts, known or not.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'care', 'admin', 'service'] })
  async customerCounts(@Ctx() ctx: Context): Promise<CustomerCount[]> {
    const counts = new Map((await countCustomers(ctx)).map(({ state, count }) => [state, count]));
    return CUSTOMER_STATES.map((state) => ({ state, count: counts.get(state) ?? 0 }));
  }

  @FieldResolver(() => [ID], {
    description: 'The profiles that make her up, the oldest first. Each of them is an id of hers.',
  })
  @Allow({ roles: [...STAFF], self: herself })
  async profileIds(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<string[]> {
    return (await ctx.load(loadCustomers, id))?.profileIds ?? [id];
  }

  @FieldResolver(() => CustomerState, { description: 'How far she has come with us.' })
  @Allow({ roles: [...STAFF], self: herself })
  async state(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<string> {
    const row = await ctx.load(loadCustomers, id);
    return row ? stateOf(row) : 'visitor';
  }

  @FieldResolver(() => String, { nullable: true, description: 'Her name, as the surest sources have it.' })
  @Allow({ roles: [...ALL_CUSTOMERS], self: herself, served: herself })
  async name(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<string | null> {
    const golden = await goldenOf(ctx, id, ['name']);
    const [given, family, full] = ['givenName', 'familyName', 'fullName'].map((name) => golden.get(name)?.winner.value);
    return (
      [given, family].filter((part) => typeof part === 'string').join(' ') || (typeof full === 'string' ? full : null)
    );
  }

  @FieldResolver(() => [CustomerAttribute], {
    description:
      'Everything known of her, each value with its source, time and confidence, and the values that lost. Associates and analysts see no address, mailbox or number in them, and of her birth date only the day or the year.',
  })
  @Allow({ roles: ['care', 'analyst', 'admin', 'service'], self: herself, served: herself })
  async attributes(
    @Root() { id }: Customer,
    @Arg('names', () => [String], { nullable: true, description: 'Only these.' }) names: string[] | null,
    @Ctx() ctx: Context,
  ): Promise<CustomerAttribute[]> {
    const golden = await goldenOf(ctx, id, names ?? ['attributes']);
    return [...golden.values()]
      .filter((g) => !names || names.includes(g.name))
      .map((g) => attributeOf(g, ctx.caller.role));
  }

  @FieldResolver(() => [CustomerIdentifier], {
    description: 'Everything by which she is recognised. An associate sees as much of each as tells it from another.',
  })
  @Allow({ roles: [...SERVING], self: herself, served: herself })
  async identifiers(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<CustomerIdentifier[]> {
    await audit(ctx, id, ['identifiers']);
    const clear = seesContact(ctx.caller.role);
    const rows = await ctx.load(loadIdentifiers, id);
    return rows.map((row) => ({
      ...row,
      value: clear ? row.value : maskIdentifier(row.type, row.value),
      masked: !clear,
    })) as unknown as CustomerIdentifier[];
  }

  @FieldResolver(() => [String], {
    description:
      'How to reach her, in full, for somebody who has to: to call back, to deliver. Who asked and why is kept in the audit log.',
  })
  @Allow({ roles: ['care', 'admin'], served: herself })
  async contact(
    @Root() { id }: Customer,
    @Arg('by', () => CustomerContact, { description: 'What is needed.' }) by: CustomerContact,
    @Arg('reason', () => String, { description: 'Why, such as the task or the order; 1 to 500 characters.' })
    reason: string,
    @Ctx() ctx: Context,
  ): Promise<string[]> {
    const why = readReason(reason, ['reason']);
    const row = await ctx.load(loadCustomers, id);
    if (row) await auditLook(ctx, 'reveal', row.customerId, [by], why);
    return contactOf(ctx, id, by);
  }

  @FieldResolver(() => CustomerPreferences, { description: 'How she likes to be spoken to.' })
  @Allow({ roles: [...ALL_CUSTOMERS], self: herself, served: herself })
  async preferences(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<CustomerPreferences> {
    const all = await goldenOf(ctx, id, ['preferences']);
    const golden = new Map([...all.values()].map((g) => [g.name, g.winner.value]));
    const used = <Value>(name: string): Value | null => {
      const value = golden.get(name);
      return value !== undefined && isUsable(name, value) ? (value as Value) : null;
    };
    return {
      preferredChannel: used<string>('preferredChannel'),
      language: used<string>('language'),
      timeZone: used<string>('timeZone'),
      quietHours: used<QuietHours>('quietHours'),
    };
  }

  @FieldResolver(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When she was first seen, under whatever name.',
  })
  @Allow({ roles: [...STAFF], self: herself })
  async firstSeenAt(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<Date | null> {
    return (await ctx.load(loadCustomers, id))?.firstSeenAt ?? null;
  }

  @FieldResolver(() => GraphQLDateTimeISO, { nullable: true, description: 'When she was last seen.' })
  @Allow({ roles: [...STAFF], self: herself })
  async lastSeenAt(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<Date | null> {
    return (await ctx.load(loadCustomers, id))?.lastSeenAt ?? null;
  }
}

export const audit = async (ctx: Context, id: string, fields: readonly string[]): Promise<void> => {
  const row: CustomerRow | null = await ctx.load(loadCustomers, id);
  if (row) await auditRead(ctx, row.customerId, fields);
};

async function goldenOf(ctx: Context, id: string, fields: readonly string[]): Promise<Map<string, Golden>> {
  const [golden] = await Promise.all([ctx.load(loadGolden, id), audit(ctx, id, fields)]);
  return new Map(golden.map((g) => [g.name, g]));
}

const ADDRESS = ['street', 'postalCode', 'city', 'country'];

async function contactOf(ctx: Context, id: string, by: CustomerContact): Promise<string[]> {
  if (by !== CustomerContact.ADDRESS)
    return (await ctx.load(loadIdentifiers, id)).flatMap((i) =>
      i.type === (by as string) && !i.shared ? [i.value] : [],
    );
  const golden = new Map((await ctx.load(loadGolden, id)).map((g) => [g.name, g.winner.value]));
  return ADDRESS.flatMap((name) => (typeof golden.get(name) === 'string' ? [golden.get(name) as string] : []));
}

const valueOf = ({ name, value, source, firstAt, lastAt, confidence, times }: Candidate, role: string) => ({
  value: seesContact(role) ? value : maskAttribute(name, value, role),
  source,
  firstAt,
  lastAt,
  confidence,
  times,
});

function attributeOf({ name, winner, losers, strategy }: Golden, role: string): CustomerAttribute {
  const shown = valueOf(winner, role);
  return {
    name,
    value: shown.value,
    rule: strategy,
    winner: shown,
    losers: losers.map((loser) => valueOf(loser, role)),
  };
}
