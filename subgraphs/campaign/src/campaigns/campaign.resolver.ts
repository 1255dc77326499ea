import { Allow } from '@trenza/auth';
import { mutate, once, type Context } from '@trenza/subgraph';
import { decodeCursor, DomainError, pageOf, pageSize } from '@trenza/values';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CampaignLift } from '../experiments/lift.type.ts';
import { loadLifts } from '../experiments/read-lift.ts';
import { CampaignTemplate } from '../messages/message.type.ts';
import {
  CampaignDefinition,
  CampaignDefinitionConnection,
  CampaignDefinitionPayload,
  CampaignProgress,
  CancelCampaignInput,
  CreateCampaignInput,
  LaunchCampaignInput,
} from './campaign.type.ts';
import { campaignFrom, findCampaign, listCampaigns, loadProgress, loadTemplates } from './read-campaigns.ts';
import { cancelCampaign, createCampaign, launchCampaign } from './run-campaign.ts';

/** Later orders have other reasons. */
const MAX_LIFT_DAYS = 90;

@Resolver(() => CampaignDefinition)
export class CampaignResolver {
  @FieldResolver(() => CampaignTemplate)
  template(@Root() { templateId }: CampaignDefinition, @Ctx() ctx: Context): Promise<CampaignTemplate> {
    return ctx.load(loadTemplates, templateId);
  }

  @FieldResolver(() => CampaignProgress)
  progress(@Root() { id }: CampaignDefinition, @Ctx() ctx: Context): Promise<CampaignProgress> {
    return ctx.load(loadProgress, id);
  }

  @FieldResolver(() => CampaignLift, { description: 'What it changed: those meant by it against those held out.' })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  lift(
    @Root() { id }: CampaignDefinition,
    @Ctx() ctx: Context,
    @Arg('days', () => Int, { defaultValue: 14, description: 'Orders within so many days count, 1 to 90.' })
    days: number,
  ): Promise<CampaignLift> {
    if (days < 1 || days > MAX_LIFT_DAYS)
      throw new DomainError('INVALID_DAYS', `Count orders within 1 to ${MAX_LIFT_DAYS} days, ${days} were asked for.`, [
        'days',
      ]);
    return ctx.load(loadLifts, { campaignId: id, days });
  }

  @Query(() => CampaignDefinition, { nullable: true, description: 'One campaign.' })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin'] })
  async campaign(
    @Arg('id', () => ID, { description: 'The campaign.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<CampaignDefinition | null> {
    const row = await findCampaign(ctx.database, id);
    return row ? campaignFrom(row) : null;
  }

  @Query(() => CampaignDefinitionConnection, { description: 'Campaigns, newest first.' })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin'] })
  async campaigns(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<CampaignDefinitionConnection> {
    const size = pageSize(first);
    const key = decodeCursor<[string, string]>(after);
    const rows = await listCampaigns(ctx.database, key, size + 1);
    return pageOf(rows, size, campaignFrom, (row) => [row.created_at, row.id], key !== null);
  }

  @Mutation(() => CampaignDefinitionPayload, { description: 'Make a campaign. Nothing is sent before it is launched.' })
  @Allow({ roles: ['marketer', 'admin'] })
  createCampaign(
    @Arg('input', () => CreateCampaignInput) input: CreateCampaignInput,
    @Ctx() ctx: Context,
  ): Promise<CampaignDefinitionPayload> {
    return mutate(ctx, CampaignDefinitionPayload, async (tx) => {
      const { id } = await once(tx, 'createCampaign', input, async () => ({
        id: await createCampaign(tx, input, ctx),
      }));
      return { campaign: campaignFrom((await findCampaign(tx, id))!) };
    });
  }

  @Mutation(() => CampaignDefinitionPayload, {
    description:
      'Launch a campaign, now or later. Its audience is determined when it is due; each message asks the contact policy when it is sent. Launching again changes nothing.',
  })
  @Allow({ roles: ['marketer', 'admin'] })
  launchCampaign(
    @Arg('input', () => LaunchCampaignInput) input: LaunchCampaignInput,
    @Ctx() ctx: Context,
  ): Promise<CampaignDefinitionPayload> {
    return mutate(ctx, CampaignDefinitionPayload, async (tx) => ({
      campaign: campaignFrom(await launchCampaign(tx, input, ctx.now())),
    }));
  }

  @Mutation(() => CampaignDefinitionPayload, { description: 'Cancel a campaign: what waits is not sent any more.' })
  @Allow({ roles: ['marketer', 'admin'] })
  cancelCampaign(
    @Arg('input', () => CancelCampaignInput) input: CancelCampaignInput,
    @Ctx() ctx: Context,
  ): Promise<CampaignDefinitionPayload> {
    return mutate(ctx, CampaignDefinitionPayload, async (tx) => ({
      campaign: campaignFrom(await cancelCampaign(tx, input.campaignId)),
    }));
  }
}
