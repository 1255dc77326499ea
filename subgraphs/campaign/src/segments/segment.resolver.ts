import { Allow } from '@trenza/auth';
import { mutate, type Context } from '@trenza/subgraph';
import { decodeCursor, JSONScalar, pageOf, pageSize } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { countAudience } from './audience.ts';
import type { Rule } from './rule.ts';
import {
  CustomerSegment,
  CustomerSegmentConnection,
  CustomerSegmentPayload,
  RULE,
  SaveSegmentInput,
} from './segment.type.ts';
import { expandSegments, listSegments, loadSizes, saveSegment } from './saved-segments.ts';

@Resolver(() => CustomerSegment)
export class SegmentResolver {
  @FieldResolver(() => Int)
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  size(@Root() { rule }: CustomerSegment, @Ctx() ctx: Context): Promise<number> {
    return ctx.load(loadSizes, rule);
  }

  @Query(() => CustomerSegmentConnection, { description: 'Segments by name.' })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin'] })
  async segments(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<CustomerSegmentConnection> {
    const size = pageSize(first);
    const key = decodeCursor<[string]>(after);
    const rows = await listSegments(ctx.database, key?.[0] ?? null, size + 1);
    return pageOf(
      rows,
      size,
      (row) => row,
      (row) => [row.name],
      key !== null,
    );
  }

  @Query(() => Int, { description: 'How many customers a rule means now: to look at before saving it.' })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  async audienceSize(
    @Arg('audience', () => JSONScalar, { description: RULE }) audience: Rule,
    @Ctx() ctx: Context,
  ): Promise<number> {
    return countAudience(ctx.database, await expandSegments(ctx.database, audience), ctx.now());
  }

  @Mutation(() => CustomerSegmentPayload, { description: 'Save a segment.' })
  @Allow({ roles: ['marketer', 'admin'] })
  saveSegment(
    @Arg('input', () => SaveSegmentInput, { description: 'The segment.' }) input: SaveSegmentInput,
    @Ctx() ctx: Context,
  ): Promise<CustomerSegmentPayload> {
    return mutate(ctx, CustomerSegmentPayload, async (tx) => ({ segment: await saveSegment(tx, input, ctx) }));
  }
}
