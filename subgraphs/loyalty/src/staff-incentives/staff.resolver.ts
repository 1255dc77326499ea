import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { loadBalances } from '../points/balances.ts';
import { loadMovements } from '../points/movements.ts';
import { PointBalance, PointMovementConnection } from '../points/points.type.ts';
import { STAFF_CURRENCY } from './award-staff.ts';
import { payOutStaff } from './pay-out.ts';
import { AssociateIncentives, PayOutStaffInput, PayOutStaffPayload, StaffDeedSummary } from './staff.type.ts';

/** The associates of the largest store. */
const MAX_ASSOCIATES = 300;

async function loadDeeds(ids: readonly string[], ctx: Context): Promise<StaffDeedSummary[][]> {
  const rows = await sql<StaffDeedSummary & { associateId: string }>(
    ctx.database,
    `select associate_id as "associateId", kind, count(*) as deeds, sum(points)::bigint as points, count(*) filter (where points = 0) as "withoutPoints"
       from staff_award where associate_id = any($1) and occurred_at > $2::timestamptz - interval '30 days' group by 1, 2 order by 1, 2`,
    [ids, ctx.now()],
  );
  const byAssociate = Map.groupBy(rows, (row) => row.associateId);
  return ids.map((id) => byAssociate.get(id) ?? []);
}

@Resolver(() => AssociateIncentives)
export class StaffResolver {
  @Query(() => [AssociateIncentives], { description: 'The incentives of the associates of a store: up to 300.' })
  @Allow({ roles: ['analyst', 'admin'], store: (_: unknown, { storeId }: { storeId: string }) => storeId })
  staffIncentives(
    @Arg('storeId', () => ID, { description: 'The store.' }) storeId: string,
    @Ctx() ctx: Context,
  ): Promise<AssociateIncentives[]> {
    return sql<AssociateIncentives>(
      ctx.database,
      `select id, code as associate, store_id as "storeId" from associate where store_id = $1 order by code limit ${MAX_ASSOCIATES}`,
      [storeId],
    );
  }

  @Query(() => AssociateIncentives, { nullable: true, description: 'Your own incentives, as an associate.' })
  @Allow({ roles: ['associate'] })
  async myStaffIncentives(@Ctx() ctx: Context): Promise<AssociateIncentives | null> {
    const [own] = await sql<AssociateIncentives>(
      ctx.database,
      'select id, code as associate, store_id as "storeId" from associate where code = $1',
      [ctx.caller.subject],
    );
    return own ?? null;
  }

  @FieldResolver(() => PointBalance, { description: 'What she has: pending for a week, then to be paid out.' })
  async balance(@Root() { id }: AssociateIncentives, @Ctx() ctx: Context): Promise<PointBalance> {
    const rows = await ctx.load(loadBalances, id);
    const none = { currency: STAFF_CURRENCY, available: 0, pending: 0, held: 0, owed: 0 };
    return { ...(rows.find((row) => row.currency === STAFF_CURRENCY) ?? none), customerId: id };
  }

  @FieldResolver(() => [StaffDeedSummary], { description: 'What she did in the last 30 days, by kind.' })
  deeds(@Root() { id }: AssociateIncentives, @Ctx() ctx: Context): Promise<StaffDeedSummary[]> {
    return ctx.load(loadDeeds, id);
  }

  @FieldResolver(() => PointMovementConnection, { description: 'Her statement, the newest movement first.' })
  movements(
    @Root() { id }: AssociateIncentives,
    @Arg('first', () => Int, { nullable: true, description: 'How many: 20 if you say nothing, 100 at most.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
    @Ctx() ctx: Context,
  ): Promise<PointMovementConnection> {
    return ctx.load(loadMovements, { customerId: id, first, after, currency: STAFF_CURRENCY });
  }

  @Mutation(() => PayOutStaffPayload, {
    description: "Takes points out of an associate's purse: paid out with her wages, or taken back.",
  })
  @Allow({ roles: ['admin'] })
  payOutStaff(
    @Arg('input', () => PayOutStaffInput) input: PayOutStaffInput,
    @Ctx() ctx: Context,
  ): Promise<PayOutStaffPayload> {
    return mutate(ctx, PayOutStaffPayload, (tx) => once(tx, 'payOutStaff', input, () => payOutStaff(tx, input, ctx)));
  }
}
