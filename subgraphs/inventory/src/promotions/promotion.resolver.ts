import { Allow } from '@trenza/auth';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Channel, decodeCursor, pageOf, pageSize } from '@trenza/values';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Product } from '../products/product.type.ts';
import { actOnPromotion, changePromotion, createPromotion, type Actor } from './change-promotion.ts';
import { concerns, statusAt, type PromotionAction } from './promotion.ts';
import {
  benefitView,
  ChangePromotionInput,
  changesFrom,
  CreatePromotionInput,
  PromotionActionInput,
  ruleFrom,
} from './promotion-input.ts';
import {
  Promotion,
  PromotionBenefit,
  PromotionChange,
  PromotionConnection,
  PromotionKind,
  PromotionPayload,
  PromotionPerformance,
  PromotionStatus,
} from './promotion.type.ts';
import {
  changesByPromotion,
  listPromotions,
  livePromotions,
  promotionsById,
  resultsByPromotion,
  type LivePromotion,
  type PromotionChangeRow,
  type PromotionResult,
  type StoredPromotion,
} from './promotions.sql.ts';

const MAKERS = ['marketer', 'admin'] as const;
const STAFF = ['marketer', 'analyst', 'admin', 'care', 'associate', 'service'] as const;

export const loadPromotions = (ids: readonly string[], ctx: Context): Promise<(StoredPromotion | null)[]> =>
  promotionsById(ctx.database, ids);
const loadChanges = (ids: readonly string[], ctx: Context): Promise<PromotionChangeRow[][]> =>
  changesByPromotion(ctx.database, ids);
const loadResults = (ids: readonly string[], ctx: Context): Promise<PromotionResult[]> =>
  resultsByPromotion(ctx.database, ids);
/** What runs now is the same for every product of a request. */
const loadLive = async (keys: readonly 'now'[], ctx: Context): Promise<LivePromotion[][]> => {
  const live = await livePromotions(ctx.database, ctx.now());
  return keys.map(() => live);
};

const isFor = ({ conditions }: StoredPromotion, channel: Channel | null, storeId: string | null): boolean =>
  (!channel || !conditions.channels?.length || conditions.channels.includes(channel)) &&
  (!storeId || !conditions.storeIds?.length || conditions.storeIds.includes(storeId));

@Resolver(() => Promotion)
export class PromotionResolver {
  @Query(() => PromotionConnection, { description: 'Promotions, the latest first.' })
  @Allow({ roles: STAFF })
  async promotions(
    @Ctx() ctx: Context,
    @Arg('statuses', () => [PromotionStatus], { nullable: true, description: 'Only these.' })
    statuses: PromotionStatus[] | null,
    @Arg('first', () => Int, { nullable: true, description: 'How many; 20 where not given.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor after which to go on.' }) after: string | null,
  ): Promise<PromotionConnection> {
    const size = pageSize(first);
    const cursor = decodeCursor<[string, string]>(after);
    const rows = await listPromotions(ctx.database, {
      at: ctx.now(),
      statuses: statuses ?? null,
      limit: size + 1,
      after: cursor,
    });
    return pageOf(
      rows,
      size,
      (row) => Promotion.of(row),
      (row) => [row.createdAt.toISOString(), row.id],
      cursor !== null,
    );
  }

  @Query(() => Promotion, { nullable: true, description: 'A promotion by its id.' })
  @Allow({ roles: STAFF })
  async promotion(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Promotion | null> {
    const [stored] = await promotionsById(ctx.database, [id]);
    return stored ? Promotion.of(stored) : null;
  }

  @Query(() => [Promotion], { description: 'What runs now, for everybody to see.' })
  @Allow('anyone')
  async currentPromotions(
    @Ctx() ctx: Context,
    @Arg('channel', () => Channel, { nullable: true, description: 'In this channel.' }) channel: Channel | null,
    @Arg('storeId', () => ID, { nullable: true, description: 'In this store.' }) storeId: string | null,
  ): Promise<Promotion[]> {
    const live = await ctx.load(loadLive, 'now');
    return live.filter((p) => isFor(p, channel, storeId)).map((p) => Promotion.of(p));
  }

  @Mutation(() => PromotionPayload, { description: 'Draft a promotion. It takes nothing off before it is released.' })
  @Allow({ roles: MAKERS })
  createPromotion(
    @Arg('input', () => CreatePromotionInput) input: CreatePromotionInput,
    @Ctx() ctx: Context,
  ): Promise<PromotionPayload> {
    return mutate(ctx, PromotionPayload, (tx) =>
      once(tx, 'createPromotion', input, async () => {
        const { name, priority } = input;
        const command = {
          ...ruleFrom(input),
          ...by(ctx, input),
          name,
          priority,
          description: input.description ?? null,
          totalLimit: input.totalLimit ?? null,
          customerLimit: input.customerLimit ?? null,
          validFrom: input.validFrom ?? ctx.now(),
          validTo: input.validTo ?? null,
        };
        return { promotionId: (await createPromotion(tx, command, ctx.now())).id } as PromotionPayload;
      }),
    );
  }

  @Mutation(() => PromotionPayload, {
    description: 'Change a promotion. Once it was released, what it gives and to what is fixed.',
  })
  @Allow({ roles: MAKERS })
  changePromotion(
    @Arg('input', () => ChangePromotionInput) input: ChangePromotionInput,
    @Ctx() ctx: Context,
  ): Promise<PromotionPayload> {
    const { promotionId } = input;
    return mutate(ctx, PromotionPayload, (tx) =>
      once(tx, 'changePromotion', input, async () => {
        await changePromotion(tx, { promotionId, ...changesFrom(input), ...by(ctx, input) }, ctx.now());
        return { promotionId } as PromotionPayload;
      }),
    );
  }

  @Mutation(() => PromotionPayload, { description: 'Let a draft run, as soon as its time comes.' })
  @Allow({ roles: MAKERS })
  releasePromotion(
    @Arg('input', () => PromotionActionInput) input: PromotionActionInput,
    @Ctx() ctx: Context,
  ): Promise<PromotionPayload> {
    return this.act(ctx, input, 'release');
  }

  @Mutation(() => PromotionPayload, { description: 'Let a promotion rest, at once and in every channel.' })
  @Allow({ roles: MAKERS })
  pausePromotion(
    @Arg('input', () => PromotionActionInput) input: PromotionActionInput,
    @Ctx() ctx: Context,
  ): Promise<PromotionPayload> {
    return this.act(ctx, input, 'pause');
  }

  @Mutation(() => PromotionPayload, { description: 'Let a paused promotion run again.' })
  @Allow({ roles: MAKERS })
  resumePromotion(
    @Arg('input', () => PromotionActionInput) input: PromotionActionInput,
    @Ctx() ctx: Context,
  ): Promise<PromotionPayload> {
    return this.act(ctx, input, 'resume');
  }

  @Mutation(() => PromotionPayload, { description: 'End a promotion for good.' })
  @Allow({ roles: MAKERS })
  endPromotion(
    @Arg('input', () => PromotionActionInput) input: PromotionActionInput,
    @Ctx() ctx: Context,
  ): Promise<PromotionPayload> {
    return this.act(ctx, input, 'end');
  }

  private act(ctx: Context, input: PromotionActionInput, action: PromotionAction): Promise<PromotionPayload> {
    const { promotionId } = input;
    return mutate(ctx, PromotionPayload, async (tx) => {
      await actOnPromotion(tx, { promotionId, action, ...by(ctx, input) }, ctx.now());
      return { promotionId };
    });
  }

  @FieldResolver(() => PromotionStatus, { description: 'Where it stands now.' })
  status(@Root() { stored }: Promotion, @Ctx() ctx: Context): `${PromotionStatus}` {
    return statusAt(stored, ctx.now());
  }

  @FieldResolver(() => PromotionKind, { description: 'How it takes something off.' })
  kind(@Root() { stored }: Promotion): `${PromotionKind}` {
    return stored.benefit.kind;
  }

  @FieldResolver(() => PromotionBenefit, { description: 'What it gives.' })
  benefit(@Root() { stored }: Promotion): PromotionBenefit {
    return benefitView(stored.benefit);
  }

  @FieldResolver(() => Int, { description: 'The greater goes first.' })
  @Allow({ roles: STAFF })
  priority(@Root() { stored }: Promotion): number {
    return stored.priority;
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Orders it may be used for in all.' })
  @Allow({ roles: STAFF })
  totalLimit(@Root() { stored }: Promotion): number | null {
    return stored.totalLimit;
  }

  @FieldResolver(() => [PromotionChange], { description: 'Who did what to it, when and why, the first first.' })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  history(@Root() { id }: Promotion, @Ctx() ctx: Context): Promise<PromotionChange[]> {
    return ctx.load(loadChanges, id);
  }

  @FieldResolver(() => PromotionPerformance, { description: 'What it did so far.' })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  async performance(@Root() { id, currency }: Promotion, @Ctx() ctx: Context): Promise<PromotionPerformance> {
    const { orders, discountAmount, salesAmount } = await ctx.load(loadResults, id);
    return { orders, discount: { amount: discountAmount, currency }, sales: { amount: salesAmount, currency } };
  }
}

const by = (ctx: Context, { reason }: { reason?: string | null }): Actor => ({
  actor: ctx.caller.subject,
  reason: reason ?? null,
});

@Resolver(() => PromotionPayload)
export class PromotionPayloadResolver {
  @FieldResolver(() => Promotion, { nullable: true, description: 'The promotion as it is now.' })
  async promotion(@Root() { promotionId }: PromotionPayload, @Ctx() ctx: Context): Promise<Promotion | null> {
    const stored = promotionId ? await ctx.load(loadPromotions, promotionId) : null;
    return stored ? Promotion.of(stored) : null;
  }
}

@Resolver(() => Product)
export class ProductPromotionsResolver {
  @FieldResolver(() => [Promotion], { description: 'What runs now and can take something off it.' })
  async promotions(
    @Root() product: Product,
    @Ctx() ctx: Context,
    @Arg('channel', () => Channel, { nullable: true, description: 'In this channel.' }) channel: Channel | null,
    @Arg('storeId', () => ID, { nullable: true, description: 'In this store.' }) storeId: string | null,
  ): Promise<Promotion[]> {
    const live = await ctx.load(loadLive, 'now');
    return live.filter((p) => isFor(p, channel, storeId) && concerns(p, product)).map((p) => Promotion.of(p));
  }
}
