import { Allow } from '@trenza/auth';
import { type Context, mutate, once } from '@trenza/subgraph';
import { Channel, DomainError, UserError } from '@trenza/values';
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { dismiss, findInvitation, invite } from '../invitations/invite.ts';
import { findSurvey, listSurveys, needSurvey, surveysById } from './load-survey.ts';
import { archiveSurvey, createSurvey, publishVersion } from './publish-survey.ts';
import {
  ArchiveSurveyInput,
  CreateSurveyInput,
  PublishSurveyVersionInput,
  Survey,
  SurveyInvitation,
  SurveyPayload,
} from './survey.type.ts';
import { toSurvey } from './to-survey.ts';

@ArgsType()
class SurveyArgs {
  @Field(() => ID, { nullable: true, description: 'By id …' })
  id?: string;

  @Field(() => String, { nullable: true, description: '… or by key.' })
  key?: string;
}

@InputType({ description: 'A survey to be put to one customer.' })
export class InviteToSurveyInput {
  @Field(() => String, { description: 'Makes a retry harmless; the survey asks once about it.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The survey.' })
  surveyId: string;

  @Field(() => ID, { description: 'Who is asked.' })
  profileId: string;

  @Field(() => Channel, { description: 'Where she is asked.' })
  channel: Channel;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId?: string;

  @Field(() => ID, { nullable: true, description: 'The store it is about.' })
  storeId?: string;
}

@ObjectType({ description: 'The invitation, or why there is none.' })
export class InviteToSurveyPayload {
  @Field(() => SurveyInvitation, { nullable: true, description: 'Null if she is to be left alone.' })
  invitation: SurveyInvitation | null;

  @Field(() => [UserError], { description: 'What to put right.' })
  errors: UserError[];
}

@InputType({ description: 'An invitation that she waved away.' })
export class DismissSurveyInput {
  @Field(() => String, { description: 'The token of the invitation.' })
  token: string;
}

const AUTHORS = ['marketer', 'analyst', 'admin'] as const;

@Resolver()
export class SurveyResolver {
  @Query(() => Survey, {
    nullable: true,
    description: 'One survey, by id or key: what there is to be asked is no secret.',
  })
  @Allow('anyone')
  async survey(@Args(() => SurveyArgs) args: SurveyArgs, @Ctx() ctx: Context): Promise<Survey | null> {
    const found = await findSurvey(ctx.database, args);
    return found && toSurvey(found);
  }

  @Query(() => [Survey], { description: 'All surveys, by key.' })
  @Allow({ roles: ['associate', 'marketer', 'care', 'analyst', 'admin', 'service'] })
  async surveys(
    @Arg('archived', () => Boolean, { defaultValue: false, description: 'With those that are asked no more.' })
    archived: boolean,
    @Ctx() ctx: Context,
  ): Promise<Survey[]> {
    return (await listSurveys(ctx.database, archived)).map(toSurvey);
  }

  @Query(() => SurveyInvitation, {
    nullable: true,
    description: 'What a link or QR code asks; its token is the key to it.',
  })
  @Allow('anyone')
  async surveyInvitation(
    @Arg('token', () => String, { description: 'From the link.' }) token: string,
    @Ctx() ctx: Context,
  ): Promise<SurveyInvitation | null> {
    const found = await findInvitation(ctx.database, token);
    return found && Object.assign(new SurveyInvitation(), found);
  }

  @Mutation(() => SurveyPayload, { description: 'A new survey, asked from now on.' })
  @Allow({ roles: AUTHORS })
  createSurvey(
    @Arg('input', () => CreateSurveyInput) input: CreateSurveyInput,
    @Ctx() ctx: Context,
  ): Promise<SurveyPayload> {
    const { questions, defaultLanguage, ...about } = input;
    const command = { ...about, definition: { questions, defaultLanguage } };
    return mutate(ctx, SurveyPayload, async (tx) => {
      const { id } = await once(tx, 'createSurvey', input, async () => ({
        id: (await createSurvey(tx, command, ctx.caller.subject, ctx.now())).id,
      }));
      return { survey: toSurvey(await needSurvey(tx, { id })) };
    });
  }

  @Mutation(() => SurveyPayload, {
    description: 'New questions for a survey; answers given so far stay with the old ones.',
  })
  @Allow({ roles: AUTHORS })
  publishSurveyVersion(
    @Arg('input', () => PublishSurveyVersionInput) input: PublishSurveyVersionInput,
    @Ctx() ctx: Context,
  ): Promise<SurveyPayload> {
    const { surveyId, questions, defaultLanguage } = input;
    return mutate(ctx, SurveyPayload, async (tx) => {
      await once(tx, 'publishSurveyVersion', input, async () => {
        const { version } = await publishVersion(
          tx,
          surveyId,
          { questions, defaultLanguage },
          ctx.caller.subject,
          ctx.now(),
        );
        return { version };
      });
      return { survey: toSurvey(await needSurvey(tx, { id: surveyId })) };
    });
  }

  @Mutation(() => SurveyPayload, {
    description: 'Ask a survey no more; invitations that are out can still be answered.',
  })
  @Allow({ roles: AUTHORS })
  archiveSurvey(
    @Arg('input', () => ArchiveSurveyInput) { surveyId }: ArchiveSurveyInput,
    @Ctx() ctx: Context,
  ): Promise<SurveyPayload> {
    return mutate(ctx, SurveyPayload, async (tx) => ({ survey: toSurvey(await archiveSurvey(tx, surveyId)) }));
  }

  @Mutation(() => InviteToSurveyPayload, {
    description: 'Ask one customer now. Who said no, was asked or answered within the days of rest, is left alone.',
  })
  @Allow({ roles: ['service', 'care', 'marketer', 'admin'] })
  inviteToSurvey(
    @Arg('input', () => InviteToSurveyInput) input: InviteToSurveyInput,
    @Ctx() ctx: Context,
  ): Promise<InviteToSurveyPayload> {
    return mutate(ctx, InviteToSurveyPayload, async (tx) => {
      const done = await once(tx, 'inviteToSurvey', input, async () => {
        await needSurvey(tx, { id: input.surveyId });
        const moment = `request:${input.idempotencyKey}`;
        const [made] = await invite(
          tx,
          [Object.assign({}, input, { moment, occurredAt: ctx.now() })],
          { surveyId: input.surveyId },
          ctx.now(),
        );
        if (!made)
          throw new DomainError(
            'LEFT_ALONE',
            'She was asked or answered lately, said no to surveys, or was erased. Nobody is asked.',
            ['input', 'profileId'],
          );
        return { token: made.token };
      });
      const invitation = await findInvitation(tx, done.token);
      return { invitation: invitation && Object.assign(new SurveyInvitation(), invitation) };
    });
  }

  @Mutation(() => InviteToSurveyPayload, {
    description: 'Wave a survey away: it is not asked again, and counts in no score.',
  })
  @Allow('anyone')
  dismissSurvey(
    @Arg('input', () => DismissSurveyInput) { token }: DismissSurveyInput,
    @Ctx() ctx: Context,
  ): Promise<InviteToSurveyPayload> {
    return mutate(ctx, InviteToSurveyPayload, async (tx) => {
      const invitation = await dismiss(tx, token, ctx.now());
      if (!invitation)
        throw new DomainError('INVITATION_NOT_FOUND', 'No invitation has this token.', ['input', 'token']);
      return { invitation: Object.assign(new SurveyInvitation(), invitation) };
    });
  }
}

@Resolver(() => SurveyInvitation)
export class SurveyInvitationResolver {
  @FieldResolver(() => Survey, { description: 'What is asked.' })
  async survey(@Root() invitation: SurveyInvitation, @Ctx() ctx: Context): Promise<Survey> {
    const survey = await ctx.load(surveysById, invitation.surveyId);
    return toSurvey(survey!);
  }
}
