import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { Channel } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { audit } from '../customers/customer.resolver.ts';
import { Customer } from '../customers/customer.type.ts';
import { loadCustomers } from '../customers/load.ts';
import { maskText, seesContact } from '../customers/mask.ts';
import { keyMoments } from './key-moments.ts';
import { journeyPage, type TouchpointRow } from './journey-page.ts';
import { CustomerPhase, KeyMoment, Touchpoint, TouchpointConnection } from './journey.type.ts';
import { phaseOf, type Evidence, type PhaseVerdict } from './phase.ts';

const READERS = ['marketer', 'care', 'analyst', 'admin', 'service'] as const;
const herself = ({ id }: { id: string }): string => id;

@Resolver(() => Customer)
export class JourneyResolver {
  @FieldResolver(() => TouchpointConnection, {
    description:
      'Every contact in every channel, from every part of the platform, in the order in which they happened. The latest page unless `first` or `after` is given.',
  })
  @Allow({ roles: [...READERS], self: herself, served: herself })
  async journey(
    @Root() { id }: Customer,
    @Arg('first', () => Int, { nullable: true, description: 'The first ones after `after`; 1 to 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'A cursor.' }) after: string | null,
    @Arg('last', () => Int, { nullable: true, description: 'The last ones before `before`; 1 to 100.' })
    last: number | null,
    @Arg('before', () => String, { nullable: true, description: 'A cursor.' }) before: string | null,
    @Arg('channels', () => [Channel], { nullable: true, description: 'Only these channels.' })
    channels: Channel[] | null,
    @Arg('kinds', () => [String], { nullable: true, description: 'Only these kinds, such as order_completed.' })
    kinds: string[] | null,
    @Ctx() ctx: Context,
  ): Promise<TouchpointConnection> {
    const profileIds = await profilesOf(ctx, id);
    const [page] = await Promise.all([
      journeyPage(ctx, profileIds, { first, after, last, before, channels, kinds }),
      audit(ctx, id, ['journey']),
    ]);
    return {
      ...page,
      edges: page.edges.map(({ cursor, node }) => ({ cursor, node: touchpointType(node, ctx.caller.role) })),
    };
  }

  @FieldResolver(() => CustomerPhase, {
    nullable: true,
    description: 'Where she is on her way, from what she did in the last month. Null where that was nothing.',
  })
  @Allow({ roles: ['associate', ...READERS], self: herself })
  phase(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<CustomerPhase | null> {
    return ctx.load(loadPhases, id);
  }

  @FieldResolver(() => [KeyMoment], {
    description:
      'The moments of her journey that one would tell: firsts, complaints, broken promises, returns, new tiers.',
  })
  @Allow({ roles: [...READERS], self: herself, served: herself })
  async keyMoments(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<KeyMoment[]> {
    const [moments] = await Promise.all([keyMoments(ctx, await profilesOf(ctx, id)), audit(ctx, id, ['keyMoments'])]);
    return moments.map(({ what, touchpoint }) => ({ what, touchpoint: touchpointType(touchpoint, ctx.caller.role) }));
  }
}

const profilesOf = async (ctx: Context, id: string): Promise<string[]> =>
  (await ctx.load(loadCustomers, id))?.profileIds ?? [id];

/** An amount without a currency is a number of points, which `details` tells. What a source tells freely may hold an address or a number. */
function touchpointType({ amount, currency, details, ...row }: TouchpointRow, role: string): Touchpoint {
  const clear = seesContact(role) || row.subgraph !== 'identity';
  return {
    ...row,
    details: clear ? details : maskText(details, role),
    money: amount !== null && currency !== null ? { amount, currency } : null,
  };
}

/** Older signs weigh less than a thousandth. */
const EVIDENCE_DAYS = 30;
const MAX_EVIDENCE = 200;

const EVIDENCE = `
  select c.asked, e.kind, e.occurred_at as "occurredAt"
    from unnest($1::uuid[], $2::uuid[]) as c (asked, profile_id)
    cross join lateral (
      select kind, occurred_at from touchpoint
       where profile_id = c.profile_id and occurred_at > $3::timestamptz - interval '${EVIDENCE_DAYS} days' and occurred_at <= $3
       order by occurred_at desc limit ${MAX_EVIDENCE}
    ) e`;

async function loadPhases(ids: readonly string[], ctx: Context): Promise<(PhaseVerdict | null)[]> {
  const customers = await Promise.all(ids.map((id) => ctx.load(loadCustomers, id)));
  const pairs = customers.flatMap((c) => (c?.profileIds ?? []).map((profile) => [c!.asked, profile] as const));
  const rows = await sql<Evidence & { asked: string }>(ctx.database, {
    name: 'identity-evidence',
    text: EVIDENCE,
    values: [pairs.map(([asked]) => asked), pairs.map(([, profile]) => profile), ctx.now()],
  });
  const byCustomer = Map.groupBy(rows, (row) => row.asked);
  return customers.map((c) => phaseOf((c && byCustomer.get(c.asked)) ?? [], ctx.now()));
}
