import { Allow } from '@trenza/auth';
import type { Producer } from '@trenza/events';
import { listRebuilds, requestRebuild, type Projection } from '@trenza/outbox';
import { DomainError, GraphQLDateTimeISO, SafeInt, UserError } from '@trenza/values';
import { Arg, Ctx, Directive, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { capitalised } from './capitalised.ts';
import type { Context, Deps } from './definition.ts';
import { mutate } from './mutate.ts';

/** The list is for a person who watches a rebuild: the latest are enough. */
const LISTED = 50;

@ObjectType({ description: 'A projection being built anew from the event stream.' })
@Directive('@shareable')
export class ProjectionRebuild {
  @Field(() => ID, { description: 'Of this request.' })
  id: string;

  @Field(() => String, { description: 'Which projection.' })
  projection: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was asked for.' })
  requestedAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was done; null while it waits or runs.' })
  finishedAt: Date | null;

  @Field(() => SafeInt, { description: 'How many events it was built from.' })
  events: number;

  @Field(() => String, { nullable: true, description: 'Why it failed; the projection is then as it was.' })
  error: string | null;
}

@ObjectType({ description: 'The rebuild that was asked for.' })
@Directive('@shareable')
class RebuildProjectionPayload {
  @Field(() => ProjectionRebuild, {
    nullable: true,
    description: 'Look for it in the list of rebuilds to see it finish.',
  })
  rebuild: ProjectionRebuild | null;

  @Field(() => [UserError], { description: 'Why it could not be asked for.' })
  errors: UserError[];
}

export function projectionResolver(subgraph: Producer, projections: readonly Projection<Deps>[]): Function {
  const names = projections.map((projection) => projection.name);

  @Resolver()
  class ProjectionsResolver {
    @Query(() => [ProjectionRebuild], {
      name: `${subgraph}ProjectionRebuilds`,
      description: `The latest rebuilds of ${subgraph}'s projections (${names.join(', ')}).`,
    })
    @Allow({ roles: ['admin'] })
    rebuilds(@Ctx() ctx: Context): Promise<ProjectionRebuild[]> {
      return listRebuilds(ctx.database, LISTED);
    }

    @Mutation(() => RebuildProjectionPayload, {
      name: `rebuild${capitalised(subgraph)}Projection`,
      description: `Builds one of ${subgraph}'s projections (${names.join(', ')}) anew from the event stream, in the background.`,
    })
    @Allow({ roles: ['admin'] })
    rebuild(
      @Arg('projection', () => String, { description: 'Its name.' }) projection: string,
      @Ctx() ctx: Context,
    ): Promise<RebuildProjectionPayload> {
      return mutate(ctx, RebuildProjectionPayload, async (tx) => {
        if (!names.includes(projection))
          throw new DomainError('NOT_FOUND', `There is no projection "${projection}"; there are ${names.join(', ')}.`, [
            'projection',
          ]);
        return { rebuild: await requestRebuild(tx, projection, ctx.caller.subject) };
      });
    }
  }
  return ProjectionsResolver;
}
