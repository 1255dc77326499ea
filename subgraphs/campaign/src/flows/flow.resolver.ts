import { Allow } from '@trenza/auth';
import { mutate, type Context } from '@trenza/subgraph';
import { decodeCursor, pageOf, pageSize } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CampaignFlow, CampaignFlowConnection, CampaignFlowPayload, FlowProgress, SaveFlowInput } from './flow.type.ts';
import { listFlows, loadFlowProgress, saveFlow } from './saved-flows.ts';

@Resolver(() => CampaignFlow)
export class FlowResolver {
  @FieldResolver(() => FlowProgress)
  progress(@Root() { id }: CampaignFlow, @Ctx() ctx: Context): Promise<FlowProgress> {
    return ctx.load(loadFlowProgress, id);
  }

  @Query(() => CampaignFlowConnection, { description: 'Flows by name.' })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin'] })
  async flows(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<CampaignFlowConnection> {
    const size = pageSize(first);
    const key = decodeCursor<[string]>(after);
    const rows = await listFlows(ctx.database, key?.[0] ?? null, size + 1);
    return pageOf(
      rows,
      size,
      (row) => row,
      (row) => [row.name],
      key !== null,
    );
  }

  @Mutation(() => CampaignFlowPayload, {
    description: 'Save a flow. Customers who are in it go on as they entered; those who enter later go the new way.',
  })
  @Allow({ roles: ['marketer', 'admin'] })
  saveFlow(
    @Arg('input', () => SaveFlowInput, { description: 'The flow.' }) input: SaveFlowInput,
    @Ctx() ctx: Context,
  ): Promise<CampaignFlowPayload> {
    return mutate(ctx, CampaignFlowPayload, async (tx) => ({ flow: await saveFlow(tx, input, ctx) }));
  }
}
