import { Allow } from '@trenza/auth';
import type { Channel as ChannelName } from '@trenza/events';
import type { Context } from '@trenza/subgraph';
import { Channel, pageSize } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { actionsOf } from '../decisions/explain.ts';
import { NextBestAction, NextBestActionContext } from '../decisions/decision.type.ts';
import { nextBestActions } from '../decisions/next-best-action.ts';
import { CustomerIntent, IntentSpike } from '../intent/intent.type.ts';
import { loadIntents, loadSpikes } from '../intent/read-intents.ts';
import { loadTaskPages } from '../tasks/read-tasks.ts';
import { CampaignTaskConnection } from '../tasks/task.type.ts';
import { CampaignMessageConnection } from '../messages/message.type.ts';
import { loadMessagePages } from '../messages/read-messages.ts';
import { ContactAttemptConnection, ContactSaturation } from '../policy/policy.type.ts';
import { loadAttemptPages, loadSaturations } from '../policy/read-policy.ts';
import { CustomerSegment } from '../segments/segment.type.ts';
import { loadMemberships } from '../segments/saved-segments.ts';
import { CustomerChannelFit } from '../channels/channel.type.ts';
import { loadChannelFits } from '../channels/read-channels.ts';
import { FlowRun } from '../flows/flow.type.ts';
import { loadFlowRuns } from '../flows/saved-flows.ts';
import { pageKey } from './customer-pages.ts';
import { Customer } from './customer.type.ts';

const STAFF = ['associate', 'marketer', 'care', 'analyst', 'admin', 'service'] as const;
const hersOrStaff = { roles: STAFF, self: (root: Customer) => root.id };

/** Statements answer with ids as PostgreSQL writes them; a client may have written hers in capitals. */
const idOf = (root: Customer): string => root.id.toLowerCase();

@Resolver(() => Customer)
export class CustomerReference {
  @FieldResolver(() => [CustomerIntent], { description: 'What she is drawn to now, strongest first.' })
  @Allow(hersOrStaff)
  intents(
    @Root() root: Customer,
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { defaultValue: 10, description: 'At most this many, up to 100.' }) first: number,
  ): Promise<CustomerIntent[]> {
    return ctx.load(loadIntents, { customerId: idOf(root), first: pageSize(first) });
  }

  @FieldResolver(() => [IntentSpike], {
    description: 'Days on which she cared for a topic far more than usual, newest first.',
  })
  @Allow({ roles: STAFF })
  intentSpikes(
    @Root() root: Customer,
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { defaultValue: 5, description: 'At most this many, up to 100.' }) first: number,
  ): Promise<IntentSpike[]> {
    return ctx.load(loadSpikes, { customerId: idOf(root), first: pageSize(first) });
  }

  @FieldResolver(() => [NextBestAction], {
    description:
      'What to do for her now in this channel, best first and never empty; silence is an action too. The decision is logged, and stays the same for half an hour unless something new is known of her.',
  })
  @Allow(hersOrStaff)
  async nextBestActions(
    @Root() root: Customer,
    @Ctx() ctx: Context,
    @Arg('channel', () => Channel, { description: 'Where it is to happen.' }) channel: string,
    @Arg('first', () => Int, { defaultValue: 3, description: 'At most this many, up to 100.' }) first: number,
    @Arg('context', () => NextBestActionContext, { nullable: true, description: 'What she is looking at now.' })
    context: NextBestActionContext | null,
  ): Promise<NextBestAction[]> {
    const size = pageSize(first);
    const { decisionId, ranked } = await ctx.load(nextBestActions, {
      customerId: idOf(root),
      channel: channel as ChannelName,
      storeId: context?.storeId ?? null,
      productId: context?.productId ?? null,
      category: context?.category ?? null,
    });
    return actionsOf(decisionId, ranked.slice(0, size));
  }

  @FieldResolver(() => CampaignTaskConnection, { description: 'What people were asked to do for her, newest first.' })
  @Allow({ roles: STAFF })
  tasks(
    @Root() root: Customer,
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<CampaignTaskConnection> {
    return ctx.load(loadTaskPages, pageKey(idOf(root), first, after));
  }

  @FieldResolver(() => CampaignMessageConnection, {
    description:
      'Messages to her, newest first. She sees those that were sent, staff also those that were not. `unread` with APP or STORE is her inbox, or what the till shows.',
  })
  @Allow(hersOrStaff)
  messages(
    @Root() root: Customer,
    @Ctx() ctx: Context,
    @Arg('channel', () => Channel, { nullable: true, description: 'Only in this channel.' }) channel: string | null,
    @Arg('unread', () => Boolean, { nullable: true, description: 'Only those sent and not read.' })
    unread: boolean | null,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<CampaignMessageConnection> {
    const sentOnly = ctx.caller.role === 'customer';
    return ctx.load(loadMessagePages, {
      ...pageKey(idOf(root), first, after),
      channel: channel ?? null,
      unread: unread ?? false,
      sentOnly,
    });
  }

  @FieldResolver(() => ContactAttemptConnection, {
    description:
      'Every time somebody asked whether she may be contacted, newest first, with the answer: why she got a message, and why she got none.',
  })
  @Allow({ roles: STAFF })
  contactAttempts(
    @Root() root: Customer,
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<ContactAttemptConnection> {
    return ctx.load(loadAttemptPages, pageKey(idOf(root), first, after));
  }

  @FieldResolver(() => ContactSaturation, { description: 'How full she is of us, and what room the caps leave.' })
  @Allow({ roles: STAFF })
  saturation(@Root() root: Customer, @Ctx() ctx: Context): Promise<ContactSaturation> {
    return ctx.load(loadSaturations, idOf(root));
  }

  @FieldResolver(() => [CustomerSegment], { description: 'The segments she belongs to now.' })
  @Allow({ roles: STAFF })
  segments(@Root() root: Customer, @Ctx() ctx: Context): Promise<CustomerSegment[]> {
    return ctx.load(loadMemberships, idOf(root));
  }

  @FieldResolver(() => [CustomerChannelFit], {
    description:
      'Which channel suits her, best first: where she comes, where she buys, how she takes messages, what she prefers, and whether she may be contacted there.',
  })
  @Allow({ roles: STAFF })
  channelFit(@Root() root: Customer, @Ctx() ctx: Context): Promise<CustomerChannelFit[]> {
    return ctx.load(loadChannelFits, idOf(root));
  }

  @FieldResolver(() => [FlowRun], { description: 'The flows she is in or was in, newest first, up to 20.' })
  @Allow({ roles: STAFF })
  flows(@Root() root: Customer, @Ctx() ctx: Context): Promise<FlowRun[]> {
    return ctx.load(loadFlowRuns, idOf(root));
  }
}
