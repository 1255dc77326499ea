import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { GraphQLDateTimeISO } from '@trenza/values';
import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql';
import { periodOf } from '../acting.ts';
import { openAlertsOfStores } from '../alerts/alert.resolver.ts';
import { caseLoadOfStores } from '../cases/read-cases.ts';
import { ProductReviews } from '../reviews/review.type.ts';
import { reviewsOfProducts } from '../reviews/read-reviews.ts';
import { readTallies } from '../scores/read-scores.ts';
import { toScore } from '../scores/score.resolver.ts';
import { type FeedbackScore, StoreSatisfaction } from '../scores/score.type.ts';
import { SurveyMetric } from '../surveys/survey.type.ts';
import { Product, Store } from './entities.ts';

@ArgsType()
class StorePeriodArgs {
  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From here on; 90 days before the end unless said.' })
  from?: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Before; now unless said.' })
  to?: Date;
}

const DEFAULT_DAYS = 90;

@Resolver(() => Store)
export class StoreReference {
  @FieldResolver(() => StoreSatisfaction, { description: 'How happy its customers are.' })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin', 'service'], store: (store: Store) => store.id })
  satisfaction(
    @Root() { id }: Store,
    @Args(() => StorePeriodArgs) args: StorePeriodArgs,
    @Ctx() ctx: Context,
  ): Promise<StoreSatisfaction> {
    const { from, to } = periodOf(args, ctx.now(), DEFAULT_DAYS);
    return ctx.load(loadSatisfaction, { id, from: from.getTime(), to: to.getTime() });
  }
}

interface StoreKey {
  id: string;
  from: number;
  to: number;
}

/** Stores of one period share their statements; a request rarely asks for more than one period. */
async function loadSatisfaction(keys: readonly StoreKey[], ctx: Context): Promise<StoreSatisfaction[]> {
  const ids = keys.map((key) => key.id);
  const periods = new Map(keys.map((key) => [periodName(key), key]));
  const scores = new Map<string, Tallies>();
  for (const [name, { from, to }] of periods) {
    const storeIds = keys.filter((key) => periodName(key) === name).map((key) => key.id);
    const read = (metric: SurveyMetric): Promise<Tallies[SurveyMetric.NPS]> =>
      readTallies(ctx.database, { metric, from: new Date(from), to: new Date(to), storeIds }, 'store');
    const [nps, csat] = await Promise.all([read(SurveyMetric.NPS), read(SurveyMetric.CSAT)]);
    scores.set(name, { nps, csat });
  }
  const [loads, alerts] = await Promise.all([caseLoadOfStores(ids, ctx), openAlertsOfStores(ids, ctx)]);
  return keys.map((key, n) => {
    const score = (metric: keyof Tallies): FeedbackScore =>
      toScore(
        metric,
        scores.get(periodName(key))![metric].find((tally) => tally.key === key.id),
      );
    return Object.assign(new StoreSatisfaction(), {
      nps: score(SurveyMetric.NPS),
      csat: score(SurveyMetric.CSAT),
      openCases: loads[n]!.open,
      overdueCases: loads[n]!.overdue,
      openAlerts: alerts[n]!,
    });
  });
}

type Tallies = Record<SurveyMetric.NPS | SurveyMetric.CSAT, Awaited<ReturnType<typeof readTallies>>>;
const periodName = ({ from, to }: StoreKey): string => `${from}/${to}`;

@Resolver(() => Product)
export class ProductReference {
  @FieldResolver(() => ProductReviews, { nullable: true, description: 'What customers think of it.' })
  @Allow('anyone')
  reviews(@Root() { id }: Product, @Ctx() ctx: Context): Promise<ProductReviews> {
    return ctx.load(reviewsOfProducts, id);
  }
}
