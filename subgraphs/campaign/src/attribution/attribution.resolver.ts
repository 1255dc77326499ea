import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { attribute, type Model } from './attribution.ts';
import { AttributionInput, AttributionReport } from './attribution.type.ts';
import { MAX_PATHS, readPaths } from './read-paths.ts';

const DEFAULT_LOOKBACK_DAYS = 30;
const MAX_LOOKBACK_DAYS = 365;
const MAX_PERIOD_DAYS = 366;
const DAY_MS = 86_400_000;

@Resolver()
export class AttributionResolver {
  @Query(() => AttributionReport, {
    description:
      'Which channels earned the sales of a period, over the whole path, the anonymous part included, online and offline.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  async attribution(
    @Arg('input', () => AttributionInput, { description: 'The sales to attribute, and how.' }) input: AttributionInput,
    @Ctx() ctx: Context,
  ): Promise<AttributionReport> {
    const { model, from, to } = input;
    const lookbackDays = input.lookbackDays ?? DEFAULT_LOOKBACK_DAYS;
    if (lookbackDays < 1 || lookbackDays > MAX_LOOKBACK_DAYS)
      throw new DomainError(
        'INVALID_LOOKBACK',
        `Look back 1 to ${MAX_LOOKBACK_DAYS} days, ${lookbackDays} were asked for.`,
        ['input', 'lookbackDays'],
      );
    const days = (to.getTime() - from.getTime()) / DAY_MS;
    if (days <= 0 || days > MAX_PERIOD_DAYS)
      throw new DomainError(
        'INVALID_PERIOD',
        `A period is up to ${MAX_PERIOD_DAYS} days long and ends after it begins; this one has ${days.toFixed(1)} days.`,
        ['input', 'to'],
      );
    const paths = await readPaths(ctx.database, { from, to, lookbackDays });
    const conversions = paths.reduce((sum, p) => sum + p.conversions, 0);
    if (conversions > MAX_PATHS)
      throw new DomainError(
        'PERIOD_TOO_LARGE',
        `There are more than ${MAX_PATHS} sales in this period. Ask for a shorter one.`,
        ['input', 'to'],
      );
    const credits = [...attribute(model as Model, paths)].map(([channel, credit]) => ({
      channel,
      ...credit,
      share: conversions === 0 ? 0 : credit.conversions / conversions,
    }));
    return {
      model,
      conversions,
      value: paths.reduce((sum, p) => sum + p.value, 0),
      withoutConversion: paths.reduce((sum, p) => sum + p.nulls, 0),
      channels: credits.sort((a, b) => b.conversions - a.conversions || (a.channel < b.channel ? -1 : 1)),
    };
  }
}
