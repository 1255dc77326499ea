import { Allow } from '@trenza/auth';
import { isSameCustomer, mutate, once, type Context } from '@trenza/subgraph';
import { decodeCursor, DomainError, pageOf, pageSize } from '@trenza/values';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ExplanationStep } from '../decisions/decision.type.ts';
import { Channel, JSONScalar } from '@trenza/values';
import { recordMessageOutcome, type MessageOutcome } from './message-outcome.ts';
import { importMessages } from './import-messages.ts';
import { ImportMessagesInput, ImportMessagesPayload } from './import.type.ts';
import * as types from './message.type.ts';
import { findMessage, loadOutcomes, loadWhy, messageFrom } from './read-messages.ts';
import { render, variantFor } from './render.ts';
import { findTemplates, listTemplates, saveTemplate, templateFrom } from './templates.ts';
import { readMessage, retryMessage, sendMessage, unsubscribe } from './work-message.ts';

const STAFF = ['associate', 'marketer', 'care', 'analyst', 'admin', 'service'] as const;

@Resolver(() => types.CampaignMessage)
export class MessageResolver {
  @FieldResolver(() => [types.CampaignMessageOutcome])
  outcomes(@Root() { id }: types.CampaignMessage, @Ctx() ctx: Context): Promise<types.CampaignMessageOutcome[]> {
    return ctx.load(loadOutcomes, id);
  }

  @FieldResolver(() => [ExplanationStep])
  why(@Root() { id }: types.CampaignMessage, @Ctx() ctx: Context): Promise<ExplanationStep[]> {
    return ctx.load(loadWhy, id);
  }

  @Query(() => types.CampaignMessage, { nullable: true, description: 'One message, with why she got it or did not.' })
  @Allow({ roles: STAFF })
  async campaignMessage(
    @Arg('id', () => ID, { description: 'The message.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<types.CampaignMessage | null> {
    const row = await findMessage(ctx.database, id);
    return row ? messageFrom(row) : null;
  }

  @Mutation(() => types.CampaignMessagePayload, {
    description:
      'Send one message to one customer. It is written down at once and sent within a second, if the contact policy lets it.',
  })
  @Allow({ roles: ['service', 'care', 'marketer', 'admin'] })
  sendMessage(
    @Arg('input', () => types.SendMessageInput) input: types.SendMessageInput,
    @Ctx() ctx: Context,
  ): Promise<types.CampaignMessagePayload> {
    return mutate(ctx, types.CampaignMessagePayload, async (tx) => {
      const { id } = await once(tx, 'sendMessage', input, async () => ({
        id: await sendMessage(tx, input, ctx.now()),
      }));
      return { message: messageFrom((await findMessage(tx, id))!) };
    });
  }

  @Mutation(() => types.CampaignMessagePayload, {
    description:
      'Try a message again that failed, was denied, is unknown or had no gateway. A message whose fate is unknown may arrive twice.',
  })
  @Allow({ roles: ['care', 'marketer', 'admin'] })
  retryMessage(
    @Arg('input', () => types.MessageIdInput) input: types.MessageIdInput,
    @Ctx() ctx: Context,
  ): Promise<types.CampaignMessagePayload> {
    return mutate(ctx, types.CampaignMessagePayload, async (tx) => ({
      message: messageFrom(await retryMessage(tx, input.messageId, ctx.now())),
    }));
  }

  @Mutation(() => types.CampaignMessagePayload, { description: 'Mark a message of the inbox or the till as seen.' })
  @Allow({ roles: ['customer', 'associate', 'service', 'admin'] })
  markMessageRead(
    @Arg('input', () => types.MessageIdInput) input: types.MessageIdInput,
    @Ctx() ctx: Context,
  ): Promise<types.CampaignMessagePayload> {
    return mutate(ctx, types.CampaignMessagePayload, async (tx) => {
      const message = messageFrom(await readMessage(tx, input.messageId, ctx.now()));
      if (ctx.caller.role === 'customer' && !(await isSameCustomer(ctx, message.customer.id, ctx.caller.profileId!)))
        throw new DomainError('MESSAGE_NOT_FOUND', `There is no message ${input.messageId} for you.`, [
          'input',
          'messageId',
        ]);
      return { message: message };
    });
  }

  @Mutation(() => types.CampaignMessagePayload, {
    description: 'Tell what became of a message (a receipt, a click, a bounce, a complaint). Repeats change nothing.',
  })
  @Allow({ roles: ['service', 'admin'] })
  recordMessageOutcome(
    @Arg('input', () => types.RecordMessageOutcomeInput) input: types.RecordMessageOutcomeInput,
    @Ctx() ctx: Context,
  ): Promise<types.CampaignMessagePayload> {
    return mutate(ctx, types.CampaignMessagePayload, async (tx) => {
      await recordMessageOutcome(tx, input.messageId, input.outcome as MessageOutcome, input.detail ?? null, ctx.now());
      return { message: messageFrom((await findMessage(tx, input.messageId))!) };
    });
  }

  @Mutation(() => ImportMessagesPayload, {
    description:
      'Import messages that another system sent, up to 1,000: they count for caps and show in her history; nothing is sent. Repeats change nothing.',
  })
  @Allow({ roles: ['service', 'admin'] })
  importMessages(
    @Arg('input', () => ImportMessagesInput) input: ImportMessagesInput,
    @Ctx() ctx: Context,
  ): Promise<ImportMessagesPayload> {
    return mutate(ctx, ImportMessagesPayload, (tx) => importMessages(tx, input, ctx.now()));
  }

  @Mutation(() => types.UnsubscribePayload, {
    description: 'End marketing in the channel of a message, by the token in its link. Needs no sign-in.',
  })
  @Allow('anyone')
  unsubscribe(
    @Arg('input', () => types.UnsubscribeInput) input: types.UnsubscribeInput,
    @Ctx() ctx: Context,
  ): Promise<types.UnsubscribePayload> {
    return mutate(ctx, types.UnsubscribePayload, async (tx) => ({ channel: await unsubscribe(tx, input.token, ctx) }));
  }

  @Mutation(() => types.CampaignTemplatePayload, {
    description: 'Save a message in all its channels and languages. Every text is tried before it is saved.',
  })
  @Allow({ roles: ['marketer', 'admin'] })
  saveCampaignTemplate(
    @Arg('input', () => types.SaveCampaignTemplateInput) input: types.SaveCampaignTemplateInput,
    @Ctx() ctx: Context,
  ): Promise<types.CampaignTemplatePayload> {
    return mutate(ctx, types.CampaignTemplatePayload, async (tx) => {
      const id = await saveTemplate(tx, input, ctx);
      return {
        template: {
          id,
          name: input.name.trim(),
          changedAt: ctx.now(),
          variants: input.variants.map(({ channel, language, subject, body }) => ({
            channel,
            language,
            subject: subject ?? null,
            body,
          })),
        },
      };
    });
  }

  @Query(() => types.CampaignTemplateConnection, { description: 'Templates by name.' })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin'] })
  async campaignTemplates(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, description: 'At most this many, up to 100; 20 if empty.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' }) after: string | null,
  ): Promise<types.CampaignTemplateConnection> {
    const size = pageSize(first);
    const key = decodeCursor<[string]>(after);
    const rows = await listTemplates(ctx.database, key?.[0] ?? null, size + 1);
    return pageOf(rows, size, templateFrom, (row) => [row.name], key !== null);
  }

  @Query(() => types.CampaignTemplatePreview, { description: 'A template as a customer would see it.' })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin'] })
  async previewCampaignTemplate(
    @Arg('templateId', () => ID, { description: 'The template.' }) templateId: string,
    @Arg('channel', () => Channel, { description: 'Where.' }) channel: string,
    @Arg('language', () => String, { nullable: true, description: 'Her language.' }) language: string | null,
    @Arg('variables', () => JSONScalar, { nullable: true, description: 'What the template may use, with `customer`.' })
    variables: Record<string, unknown> | null,
    @Ctx() ctx: Context,
  ): Promise<types.CampaignTemplatePreview> {
    const template = (await findTemplates(ctx.database, [templateId])).get(templateId);
    const variant = template && variantFor(template.variants, channel, language ?? undefined);
    if (!variant)
      throw new DomainError('TEMPLATE_NOT_FOUND', `There is no template ${templateId} with a text for ${channel}.`, [
        'templateId',
      ]);
    return { language: variant.language, ...render(variant, variables ?? {}) };
  }
}
