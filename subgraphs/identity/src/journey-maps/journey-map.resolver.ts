import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { journeyMap } from './journey-map.ts';
import { JourneyMap, JourneyMapFilter } from './journey-map.type.ts';

@Resolver()
export class JourneyMapResolver {
  @Query(() => JourneyMap, {
    description:
      'How customers went in a period: steps, the ways between them with the time they took, where people left and what hurt. Counts only, nobody by name.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  journeyMap(
    @Arg('filter', () => JourneyMapFilter, { description: 'Whose journeys, and which part.' }) filter: JourneyMapFilter,
    @Ctx() ctx: Context,
  ): Promise<JourneyMap> {
    return journeyMap(ctx, filter);
  }
}
