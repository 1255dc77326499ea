import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { Channel, DomainError, GraphQLDateTimeISO } from '@trenza/values';
import { Arg, Args, ArgsType, Ctx, Field, ID, Query, Resolver } from 'type-graphql';
import { periodOf, toChannel } from '../acting.ts';
import { storeRef } from '../customers/entities.ts';
import { SurveyMetric } from '../surveys/survey.type.ts';
import { readTallies, type ScoreFilter } from './read-scores.ts';
import { readTopics } from './read-topics.ts';
import { EMPTY, scoreOfTally, type Tally } from './score.ts';
import {
  FeedbackBucket,
  FeedbackScore,
  FeedbackScoreOfChannel,
  FeedbackScoreOfStore,
  FeedbackScorePoint,
  FeedbackTopic,
} from './score.type.ts';

@ArgsType()
class PeriodArgs {
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From here on; 90 days before the end unless said.' })
  from?: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Before; now unless said.' })
  to?: Date;

  @Field(() => Channel, { nullable: true, description: 'Said in this channel.' })
  channel?: Channel;

  @Field(() => ID, { nullable: true, description: 'About this store; an associate has to name one of hers.' })
  storeId?: string;
}

@ArgsType()
class ScoreArgs extends PeriodArgs {
  @Field(() => SurveyMetric, { description: 'What was measured.' })
  metric: SurveyMetric;

  @Field(() => ID, { nullable: true, description: 'To this survey only.' })
  surveyId?: string;

  @Field(() => [ID], { nullable: true, description: 'By these customers only: a segment, 10,000 at most.' })
  customerIds?: string[];
}

@ArgsType()
class TopicArgs extends PeriodArgs {
  @Field(() => ID, { nullable: true, description: 'In reviews of this product only.' })
  productId?: string;
}

const READERS = ['marketer', 'care', 'analyst', 'admin', 'service'] as const;
const RULE = { roles: READERS, store: (_: unknown, args: { storeId?: string }) => args.storeId };
const DEFAULT_DAYS = 90;
/** More points than a chart has room for. */
const MAX_POINTS = 400;
const DAYS: Record<FeedbackBucket, number> = {
  [FeedbackBucket.DAY]: 1,
  [FeedbackBucket.WEEK]: 7,
  [FeedbackBucket.MONTH]: 28,
};

export const toScore = (metric: SurveyMetric, tally: Tally = EMPTY): FeedbackScore =>
  Object.assign(new FeedbackScore(), scoreOfTally(metric, tally), { metric });

const filterOf = (ctx: Context, { storeId, ...args }: ScoreArgs): ScoreFilter => ({
  ...args,
  ...periodOf(args, ctx.now(), DEFAULT_DAYS),
  storeIds: storeId ? [storeId] : null,
});

@Resolver()
export class ScoreResolver {
  @Query(() => FeedbackScore, {
    description: 'NPS, CSAT, CES or a score of your own, over a period, channel, store or segment.',
  })
  @Allow(RULE)
  async feedbackScore(@Args(() => ScoreArgs) args: ScoreArgs, @Ctx() ctx: Context): Promise<FeedbackScore> {
    const [tally] = await readTallies(ctx.database, filterOf(ctx, args), 'none');
    return toScore(args.metric, tally);
  }

  @Query(() => [FeedbackScorePoint], {
    description: 'The same over time; buckets without answers and invitations are left out.',
  })
  @Allow(RULE)
  async feedbackTrend(
    @Args(() => ScoreArgs) args: ScoreArgs,
    @Arg('bucket', () => FeedbackBucket, { defaultValue: FeedbackBucket.WEEK, description: 'How it is cut.' })
    bucket: FeedbackBucket,
    @Arg('timeZone', () => String, {
      defaultValue: 'UTC',
      description: 'Where the days begin, for example Europe/Madrid.',
    })
    timeZone: string,
    @Ctx() ctx: Context,
  ): Promise<FeedbackScorePoint[]> {
    const filter = filterOf(ctx, args);
    const points = (filter.to.getTime() - filter.from.getTime()) / (DAYS[bucket] * 86_400_000);
    if (points > MAX_POINTS)
      throw new DomainError(
        'TOO_MANY_POINTS',
        `The period has ${Math.ceil(points)} buckets, at most ${MAX_POINTS} are drawn. Take longer ones.`,
        ['bucket'],
      );
    const tallies = await readTallies(ctx.database, filter, bucket, timeZone);
    return tallies.map((tally) => ({ start: tally.key, score: toScore(args.metric, tally) }));
  }

  @Query(() => [FeedbackScoreOfChannel], { description: 'The same for every channel.' })
  @Allow(RULE)
  async feedbackScoresByChannel(
    @Args(() => ScoreArgs) args: ScoreArgs,
    @Ctx() ctx: Context,
  ): Promise<FeedbackScoreOfChannel[]> {
    const tallies = await readTallies(ctx.database, filterOf(ctx, args), 'channel');
    return tallies.map((tally) => ({ channel: toChannel(tally.key)!, score: toScore(args.metric, tally) }));
  }

  @Query(() => [FeedbackScoreOfStore], { description: 'The same for every store.' })
  @Allow(RULE)
  async feedbackScoresByStore(
    @Args(() => ScoreArgs) args: ScoreArgs,
    @Ctx() ctx: Context,
  ): Promise<FeedbackScoreOfStore[]> {
    const tallies = await readTallies(ctx.database, filterOf(ctx, args), 'store');
    return tallies.map((tally) => ({ store: storeRef(tally.key)!, score: toScore(args.metric, tally) }));
  }

  @Query(() => [FeedbackTopic], {
    description: 'What people speak of and how they feel about it, against the period before.',
  })
  @Allow(RULE)
  feedbackTopics(@Args(() => TopicArgs) args: TopicArgs, @Ctx() ctx: Context): Promise<FeedbackTopic[]> {
    return readTopics(ctx.database, Object.assign(args, periodOf(args, ctx.now(), DEFAULT_DAYS)));
  }
}
