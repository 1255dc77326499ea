import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { type Context, mutate, once } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { channelOf, checkStore, speakingFor } from '../acting.ts';
import { FeedbackCase } from '../cases/case.type.ts';
import { casesOfAnswers, toCase } from '../cases/read-cases.ts';
import { Store, storeRef } from '../customers/entities.ts';
import { FeedbackImportPayload } from '../imports/import.type.ts';
import { surveysById } from '../surveys/load-survey.ts';
import type { Responses } from '../surveys/survey.ts';
import { Survey } from '../surveys/survey.type.ts';
import { toSurvey } from '../surveys/to-survey.ts';
import { ANSWER_COLUMNS, type AnswerRow } from './answer-row.ts';
import {
  ImportAnswersInput,
  SubmitAnswerInput,
  SubmitAnswerPayload,
  SurveyAnswer,
  type SurveyResponseInput,
} from './answer.type.ts';
import { importAnswers } from './import-answers.ts';
import { mayGoOn } from './may-go-on.ts';
import { submitAnswer } from './submit-answer.ts';

@Resolver(() => SurveyAnswer)
export class AnswerResolver {
  @Mutation(() => SubmitAnswerPayload, {
    description:
      'Answer a survey, signed in or not. A double submission, or a second one to the same invitation, gives the first result.',
  })
  @Allow('anyone')
  async submitAnswer(
    @Arg('input', () => SubmitAnswerInput) input: SubmitAnswerInput,
    @Ctx() ctx: Context,
  ): Promise<SubmitAnswerPayload> {
    const { caller } = ctx;
    if (caller.role === 'associate') checkStore(caller, input.storeId);
    const command = Object.assign({}, input, {
      profileId: await speakingFor(ctx, input.profileId),
      channel: channelOf(caller, input.channel),
      associateId: caller.role === 'associate' ? caller.subject : staffOnly(caller.role, input.associateId),
    });
    await mayGoOn(ctx, input.answerId);
    return mutate(ctx, SubmitAnswerPayload, async (tx) => {
      const done = await once(tx, 'submitAnswer', input, () =>
        submitAnswer(tx, Object.assign(command, { responses: responsesOf(input.responses ?? []) }), ctx.now()),
      );
      const [row] = await sql<AnswerRow>(tx, `select ${ANSWER_COLUMNS} from answer where id = $1`, [done.answerId]);
      return { ...done, answer: mayRead(ctx, row) ? toAnswer(row!) : null };
    });
  }

  @Mutation(() => FeedbackImportPayload, {
    description:
      'Bring in answers that another system collected, up to 1,000 at once; each (source, externalId) is taken once.',
  })
  @Allow({ roles: ['service', 'admin'] })
  importAnswers(
    @Arg('input', () => ImportAnswersInput) input: ImportAnswersInput,
    @Ctx() ctx: Context,
  ): Promise<FeedbackImportPayload> {
    return mutate(ctx, FeedbackImportPayload, (tx) => importAnswers(tx, input.source, input.answers, ctx.now()));
  }

  @FieldResolver(() => Survey)
  async survey(@Root() answer: SurveyAnswer, @Ctx() ctx: Context): Promise<Survey> {
    const survey = await ctx.load(surveysById, answer.surveyId);
    return toSurvey(survey!);
  }

  @FieldResolver(() => FeedbackCase, { nullable: true, description: 'The case that it opened.' })
  async case(@Root() answer: SurveyAnswer, @Ctx() ctx: Context): Promise<FeedbackCase | null> {
    const row = await ctx.load(casesOfAnswers, answer.id);
    return row && toCase(row);
  }

  @FieldResolver(() => Store, { nullable: true })
  store(@Root() answer: SurveyAnswer): Store | null {
    return storeRef(answer.storeId);
  }
}

const staffOnly = (role: Context['caller']['role'], associateId: string | undefined): string | null =>
  role === 'service' || role === 'care' || role === 'admin' ? (associateId ?? null) : null;

/** Who submits anonymously gets the id to go on with, and nothing back that somebody else may have written. */
const mayRead = ({ caller }: Context, row: AnswerRow | undefined): boolean =>
  !!row && (caller.role !== 'anonymous' || row.profileId === null);

export const toAnswer = (row: AnswerRow): SurveyAnswer => Object.assign(new SurveyAnswer(), row);

function responsesOf(responses: readonly SurveyResponseInput[]): Responses {
  return Object.fromEntries(responses.map((response, at) => [response.question, valueOf(response, at)]));
}

function valueOf({ question, score, text, choices }: SurveyResponseInput, at: number): Responses[string] {
  const given = [score, text, choices].filter((value) => value !== undefined && value !== null);
  if (given.length !== 1)
    throw new DomainError(
      'RESPONSE_FORM',
      `The answer to "${question}" needs one of score, text and choices; it has ${given.length}.`,
      ['input', 'responses', String(at)],
    );
  return given[0]!;
}
