import { Allow } from '@trenza/auth';
import { type Context, mutate, once } from '@trenza/subgraph';
import { GraphQLDateTimeISO } from '@trenza/values';
import { sql } from '@trenza/database';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { channelOf, checkStore, speakingFor } from '../acting.ts';
import { FeedbackImportPayload } from '../imports/import.type.ts';
import { importReviews, REVIEW_COLUMNS, type ReviewRow } from './import-reviews.ts';
import { listPending, listReviews, reviewTotals, toReview } from './read-reviews.ts';
import {
  ImportReviewsInput,
  ModerateReviewInput,
  ProductReviews,
  ReviewConnection,
  ReviewPayload,
  ReviewTotals,
  WriteReviewInput,
} from './review.type.ts';
import { moderateReview, writeReview } from './write-review.ts';

@ArgsType()
class ReviewTotalsArgs {
  @Field(() => String, { nullable: true, description: 'Of this source only.' })
  source?: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Written from here on.' })
  from?: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Written before.' })
  to?: Date;
}

@ArgsType()
export class PageOfReviews {
  @Field(() => Int, { nullable: true, description: 'How many, 1 to 100; 20 unless said.' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'The endCursor of the page before.' })
  after?: string;
}

const READERS = ['care', 'marketer', 'analyst', 'admin', 'service'] as const;

@Resolver()
export class ReviewResolver {
  @Query(() => ReviewTotals, { description: 'How many reviews there are and what they average, by source and month.' })
  @Allow({ roles: READERS })
  reviewTotals(@Args(() => ReviewTotalsArgs) args: ReviewTotalsArgs, @Ctx() ctx: Context): Promise<ReviewTotals> {
    return reviewTotals(ctx.database, args);
  }

  @Query(() => ReviewConnection, { description: 'Reviews that nobody has read yet, the oldest first.' })
  @Allow({ roles: ['care', 'marketer', 'admin'] })
  pendingReviews(@Args(() => PageOfReviews) page: PageOfReviews, @Ctx() ctx: Context): Promise<ReviewConnection> {
    return listPending(ctx.database, page);
  }

  @Mutation(() => ReviewPayload, { description: 'Write a review. It is shown, and earns, once somebody has read it.' })
  @Allow({ roles: ['customer', 'associate', 'care', 'service', 'admin'] })
  async writeReview(
    @Arg('input', () => WriteReviewInput) input: WriteReviewInput,
    @Ctx() ctx: Context,
  ): Promise<ReviewPayload> {
    if (ctx.caller.role === 'associate') checkStore(ctx.caller, input.storeId);
    const { idempotencyKey: _, ...item } = input;
    const full = {
      ...item,
      profileId: await speakingFor(ctx, input.profileId),
      channel: channelOf(ctx.caller, input.channel),
    };
    return mutate(ctx, ReviewPayload, async (tx) => {
      const { id } = await once(tx, 'writeReview', input, async () => ({
        id: (await writeReview(tx, full, ctx.now())).id,
      }));
      const [row] = await sql<ReviewRow>(tx, `select ${REVIEW_COLUMNS} from review where id = $1`, [id]);
      return { review: toReview(row!) };
    });
  }

  @Mutation(() => ReviewPayload, { description: 'Show a review or hide it.' })
  @Allow({ roles: ['care', 'marketer', 'admin'] })
  moderateReview(
    @Arg('input', () => ModerateReviewInput) { reviewId, approved }: ModerateReviewInput,
    @Ctx() ctx: Context,
  ): Promise<ReviewPayload> {
    return mutate(ctx, ReviewPayload, async (tx) => ({
      review: toReview(await moderateReview(tx, reviewId, approved)),
    }));
  }

  @Mutation(() => FeedbackImportPayload, {
    description:
      'Bring in reviews and mentions of another system, up to 1,000 at once; each (source, externalId) is taken once.',
  })
  @Allow({ roles: ['service', 'admin'] })
  importReviews(
    @Arg('input', () => ImportReviewsInput) input: ImportReviewsInput,
    @Ctx() ctx: Context,
  ): Promise<FeedbackImportPayload> {
    return mutate(ctx, FeedbackImportPayload, (tx) => importReviews(tx, input.source, input.reviews, ctx.now()));
  }
}

@Resolver(() => ProductReviews)
export class ProductReviewsResolver {
  @FieldResolver(() => ReviewConnection, { description: 'The reviews themselves, the newest first.' })
  @Allow('anyone')
  latest(
    @Root() { productId }: ProductReviews,
    @Args(() => PageOfReviews) page: PageOfReviews,
    @Ctx() ctx: Context,
  ): Promise<ReviewConnection> {
    return listReviews(ctx.database, productId, page);
  }
}
