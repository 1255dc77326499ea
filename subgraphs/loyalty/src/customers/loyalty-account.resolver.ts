import { sql } from '@trenza/database';
import { type Context, profilesInRequest } from '@trenza/subgraph';
import { DomainError, GraphQLDateTimeISO, Money, SafeInt } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { loadDecisions } from '../earning-rules/decisions.ts';
import { EarningDecisionConnection } from '../earning-rules/rule.type.ts';
import {
  loadBalances,
  loadExpiring,
  loadLifetime,
  loadPastBalances,
  owners,
  type BalanceRow,
} from '../points/balances.ts';
import { worth } from '../points/hold-points.ts';
import { loadMovements } from '../points/movements.ts';
import { PointBalance, PointMovementConnection } from '../points/points.type.ts';
import { currencyOf, daysAfter, DEFAULT_CURRENCY, referenceOf } from '../programme/reference.ts';
import { LoyaltyVoucherConnection } from '../rewards/reward.type.ts';
import { loadVouchers } from '../rewards/vouchers.ts';
import { standingsOf } from '../tiers/standings.ts';
import type { Standing } from '../tiers/tier.ts';
import { LoyaltyAccount, LoyaltyFreeze, LoyaltyStanding } from './loyalty-account.type.ts';

/** Nobody plans further ahead than two years, and points rarely live longer. */
const MAX_EXPIRY_DAYS = 730;

const loadStandings = async (ids: readonly string[], ctx: Context): Promise<Standing[]> =>
  standingsOf(ctx.database, ids, ctx.now(), await profilesInRequest(ctx, ids));

async function loadFreezes(ids: readonly string[], ctx: Context): Promise<(LoyaltyFreeze | null)[]> {
  const rows = await sql<LoyaltyFreeze & { i: number }>(ctx.database, {
    name: 'account-freezes',
    text: `
      select owner.i, reason, frozen_at as "frozenAt" from unnest($1::int[], $2::uuid[]) as owner (i, profile_id)
        join account_freeze using (profile_id) order by frozen_at`,
    values: await owners(ctx, ids),
  });
  const byCustomer = Map.groupBy(rows, (row) => row.i);
  return ids.map((_, i) => byCustomer.get(i)?.[0] ?? null);
}

const none = (currency: string): BalanceRow => ({ currency, available: 0, pending: 0, held: 0, owed: 0 });

@Resolver(() => LoyaltyAccount)
export class LoyaltyAccountResolver {
  @FieldResolver(() => [PointBalance], {
    description: 'Her balances: the main currency, and others that she ever had.',
  })
  async balances(@Root() { customerId }: LoyaltyAccount, @Ctx() ctx: Context): Promise<PointBalance[]> {
    const rows = await ctx.load(loadBalances, customerId);
    const all = rows.some((row) => row.currency === DEFAULT_CURRENCY) ? rows : [none(DEFAULT_CURRENCY), ...rows];
    return all.map((row) => ({ ...row, customerId }));
  }

  @FieldResolver(() => PointBalance, { description: 'Her balance in one currency.' })
  async balance(
    @Root() { customerId }: LoyaltyAccount,
    @Arg('currency', () => String, { defaultValue: DEFAULT_CURRENCY, description: 'Code of the point currency.' })
    currency: string,
    @Ctx() ctx: Context,
  ): Promise<PointBalance> {
    const rows = await ctx.load(loadBalances, customerId);
    return { ...(rows.find((row) => row.currency === currency) ?? none(currency)), customerId };
  }

  @FieldResolver(() => [PointBalance], { description: 'Her balances as they were at an instant, from the ledger.' })
  async balancesAt(
    @Root() { customerId }: LoyaltyAccount,
    @Arg('at', () => GraphQLDateTimeISO, { description: 'The instant.' }) at: Date,
    @Ctx() ctx: Context,
  ): Promise<PointBalance[]> {
    const rows = await ctx.load(loadPastBalances, { customerId, at: at.toISOString() });
    return rows.map((row) => ({ ...row, customerId }));
  }

  @FieldResolver(() => LoyaltyStanding, { description: 'Her tier, the way to the next, and how she came to it.' })
  standing(@Root() { customerId }: LoyaltyAccount, @Ctx() ctx: Context): Promise<LoyaltyStanding> {
    return ctx.load(loadStandings, customerId) as Promise<unknown> as Promise<LoyaltyStanding>;
  }

  @FieldResolver(() => PointMovementConnection, { description: 'Every movement of her points, the newest first.' })
  movements(
    @Root() { customerId }: LoyaltyAccount,
    @Arg('first', () => Int, { nullable: true, description: 'How many: 20 if you say nothing, 100 at most.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
    @Arg('currency', () => String, { nullable: true, description: 'Only this point currency.' })
    currency: string | null,
    @Ctx() ctx: Context,
  ): Promise<PointMovementConnection> {
    return ctx.load(loadMovements, { customerId, first, after, currency });
  }

  @FieldResolver(() => EarningDecisionConnection, {
    description:
      'Everything she could have earned by, and for each rule what it gave or why it gave nothing. The newest first.',
  })
  earningDecisions(
    @Root() { customerId }: LoyaltyAccount,
    @Arg('first', () => Int, { nullable: true, description: 'How many: 20 if you say nothing, 100 at most.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
    @Ctx() ctx: Context,
  ): Promise<EarningDecisionConnection> {
    return ctx.load(loadDecisions, { customerId, first, after });
  }

  @FieldResolver(() => LoyaltyVoucherConnection, { description: 'Her vouchers, the newest first.' })
  vouchers(
    @Root() { customerId }: LoyaltyAccount,
    @Arg('first', () => Int, { nullable: true, description: 'How many: 20 if you say nothing, 100 at most.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
    @Ctx() ctx: Context,
  ): Promise<LoyaltyVoucherConnection> {
    return ctx.load(loadVouchers, { customerId, first, after });
  }

  @FieldResolver(() => LoyaltyFreeze, { nullable: true, description: 'Why nothing can be spent; null where it can.' })
  freeze(@Root() { customerId }: LoyaltyAccount, @Ctx() ctx: Context): Promise<LoyaltyFreeze | null> {
    return ctx.load(loadFreezes, customerId);
  }
}

@Resolver(() => PointBalance)
export class PointBalanceResolver {
  @FieldResolver(() => SafeInt, { description: 'Points that run out within so many days if they are not spent.' })
  expiring(
    @Root() { customerId, currency }: PointBalance,
    @Arg('withinDays', () => Int, { defaultValue: 30, description: '1 to 730.' }) withinDays: number,
    @Ctx() ctx: Context,
  ): Promise<number> {
    if (withinDays < 1 || withinDays > MAX_EXPIRY_DAYS) {
      throw new DomainError('INVALID_PERIOD', `withinDays is 1 to ${MAX_EXPIRY_DAYS}, not ${withinDays}.`, [
        'withinDays',
      ]);
    }
    return ctx.load(loadExpiring, { customerId, currency, until: daysAfter(ctx.now(), withinDays).toISOString() });
  }

  @FieldResolver(() => SafeInt, { description: 'All points that she ever earned.' })
  lifetimeEarned(@Root() { customerId, currency }: PointBalance, @Ctx() ctx: Context): Promise<number> {
    return ctx.load(loadLifetime, { customerId, currency });
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'What the available points pay for; null where they pay for nothing.',
  })
  async value(@Root() { currency: code, available }: PointBalance, @Ctx() ctx: Context): Promise<Money | null> {
    const currency = currencyOf(await referenceOf(ctx.database), code);
    if (currency.valueMinor === null) return null;
    const { valueMinor, moneyCurrency } = worth(currency, Math.max(0, available));
    return Object.assign(new Money(), { amount: valueMinor, currency: moneyCurrency });
  }
}
