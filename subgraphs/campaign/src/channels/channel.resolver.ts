import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { ChannelPerformance, ChannelPeriodInput } from './channel.type.ts';
import { readPerformance } from './read-channels.ts';

const MAX_PERIOD_DAYS = 366;
const DAY_MS = 86_400_000;

@Resolver()
export class ChannelResolver {
  @Query(() => [ChannelPerformance], {
    description:
      'Reach, conversion, engagement, satisfaction and cost of each channel in a period, the widest reach first.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  channelPerformance(
    @Arg('period', () => ChannelPeriodInput, { description: 'The period, up to a year.' })
    { from, to }: ChannelPeriodInput,
    @Ctx() ctx: Context,
  ): Promise<ChannelPerformance[]> {
    const days = (to.getTime() - from.getTime()) / DAY_MS;
    if (days <= 0 || days > MAX_PERIOD_DAYS)
      throw new DomainError(
        'INVALID_PERIOD',
        `A period is up to ${MAX_PERIOD_DAYS} days long and ends after it begins; this one has ${days.toFixed(1)} days.`,
        ['period', 'to'],
      );
    return readPerformance(ctx.database, from, to);
  }
}
