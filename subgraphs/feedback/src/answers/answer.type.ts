import { Allow } from '@trenza/auth';
import { Channel, connection, GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Store } from '../customers/entities.ts';
import { Survey, SurveyMetric } from '../surveys/survey.type.ts';

export enum FeedbackAttitude {
  PROMOTER = 'promoter',
  PASSIVE = 'passive',
  DETRACTOR = 'detractor',
}
registerEnumType(FeedbackAttitude, {
  name: 'FeedbackAttitude',
  description: 'What a score says of its giver. NPS 9–10, 7–8, 0–6; CSAT and ratings 5, 4, 1–3; CES 7, 5–6, 1–4.',
});

@ObjectType({ description: 'Something that a text speaks of, and how it feels about it.' })
export class FeedbackTheme {
  @Field(() => String, { description: 'Stable name of the topic, for example delivery or staff.' })
  topic: string;

  @Field(() => Float, { description: '−1 (furious) to 1 (delighted), of the sentences that speak of it.' })
  sentiment: number;
}

@ObjectType({ description: 'What somebody answered to a survey.' })
export class SurveyAnswer {
  @Field(() => ID, { description: 'The answer.' })
  id: string;

  @Field(() => SurveyMetric, { description: 'What was measured.' })
  metric: SurveyMetric;

  @Field(() => Float, { nullable: true, description: 'The score, on the scale from scaleMin to scaleMax.' })
  score: number | null;

  @Field(() => Float, { description: 'The worst score possible.' })
  scaleMin: number;

  @Field(() => Float, { description: 'The best score possible.' })
  scaleMax: number;

  @Field(() => FeedbackAttitude, { nullable: true, description: 'What the score says of her.' })
  attitude: FeedbackAttitude | null;

  @Field(() => String, { nullable: true, description: 'What she wrote.' })
  comment: string | null;

  @Field(() => JSONScalar, { description: 'Question id → answer.' })
  responses: Record<string, unknown>;

  @Field(() => Float, {
    nullable: true,
    description: '−1 (furious) to 1 (delighted); null if she wrote nothing that tells.',
  })
  sentiment: number | null;

  @Field(() => [FeedbackTheme], { description: 'What she wrote about.' })
  themes: FeedbackTheme[];

  @Field(() => String, { nullable: true, description: 'Language of the text.' })
  language: string | null;

  @Field(() => Channel, { description: 'Where she answered.' })
  channel: Channel;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId: string | null;

  @Field(() => Boolean, { description: 'False while she may go on with it.' })
  complete: boolean;

  @Field(() => Boolean, { description: 'Collected by another system.' })
  imported: boolean;

  @Field(() => GraphQLDateTimeISO, { description: 'When she answered.' })
  occurredAt: Date;

  @Field(() => Survey, { description: 'The survey, in its current version.' })
  survey: Survey;

  @Field(() => Store, { nullable: true, description: 'The store it is about.' })
  store: Store | null;

  surveyId: string;
  storeId: string | null;
}

@ObjectType({ description: 'A page of answers.' })
export class SurveyAnswerConnection extends connection('SurveyAnswer', () => SurveyAnswer) {}

@InputType({ description: 'The answer to one question: one of score, text and choices.' })
export class SurveyResponseInput {
  @Field(() => String, { description: "The question's id." })
  question: string;

  @Field(() => Int, { nullable: true, description: 'To a scale.' })
  score?: number;

  @Field(() => String, { nullable: true, description: 'To a question for text.' })
  text?: string;

  @Field(() => [String], { nullable: true, description: 'Ids of the options chosen.' })
  choices?: string[];
}

@InputType({
  description: 'An answer, whole or in part. Say by token, surveyId, surveyKey or answerId what is answered.',
})
export class SubmitAnswerInput {
  @Field(() => String, { description: 'Makes a double submission harmless: the first result comes back.' })
  idempotencyKey: string;

  @Field(() => String, { nullable: true, description: 'The token of an invitation: needs no sign-in.' })
  token?: string;

  @Field(() => ID, {
    nullable: true,
    description: 'A survey answered without invitation; an open one of hers is found and closed.',
  })
  surveyId?: string;

  @Field(() => String, { nullable: true, description: 'The same by its key, for example nps-after-purchase.' })
  surveyKey?: string;

  @Field(() => ID, { nullable: true, description: 'A partial answer to go on with.' })
  answerId?: string;

  @Field(() => ID, { nullable: true, description: 'For whom staff or a service answers; nobody: anonymous.' })
  profileId?: string;

  @Field(() => Channel, {
    nullable: true,
    description: 'Where she answers; the channel of the service or invitation unless said.',
  })
  channel?: Channel;

  @Field(() => ID, { nullable: true, description: 'The store it is about.' })
  storeId?: string;

  @Field(() => String, { nullable: true, description: 'Who asked for it in the store.' })
  associateId?: string;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId?: string;

  @Field(() => String, { nullable: true, description: 'Language of the text (es, en, pt); found out unless said.' })
  language?: string;

  @Field(() => [SurveyResponseInput], {
    nullable: true,
    description: 'The answers; those given before stay unless they are here again.',
  })
  responses?: SurveyResponseInput[];

  @Field(() => Int, { nullable: true, description: 'Short for the answer to the scored question.' })
  score?: number;

  @Field(() => String, {
    nullable: true,
    description: 'Short for the answer to the first question for text on her way.',
  })
  comment?: string;

  @Field(() => Boolean, { defaultValue: true, description: 'False keeps what there is, to be completed later.' })
  complete: boolean;
}

@ObjectType({ description: 'The answer as it is kept.' })
export class SubmitAnswerPayload {
  @Field(() => ID, { nullable: true, description: 'Goes on with a partial answer, later.' })
  answerId: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: this survey had been completed before, and nothing was changed.',
  })
  alreadyAnswered: boolean | null;

  @Field(() => SurveyAnswer, { nullable: true, description: 'The answer; for those who may read it.' })
  @Allow('anyone')
  answer: SurveyAnswer | null;

  @Field(() => [UserError], { description: 'What to put right.' })
  errors: UserError[];
}

@InputType({ description: 'One answer that another system collected.' })
export class ImportAnswerInput {
  @Field(() => String, { description: "The source's id of it: each is taken once." })
  externalId: string;

  @Field(() => String, { nullable: true, description: 'Which survey it answers.' })
  surveyKey?: string;

  @Field(() => SurveyMetric, {
    nullable: true,
    description: 'Instead of a survey: the oldest active survey of this metric.',
  })
  metric?: SurveyMetric;

  @Field(() => ID, { nullable: true, description: 'Who answered.' })
  profileId?: string;

  @Field(() => Channel, { nullable: true, description: 'Where.' })
  channel?: Channel;

  @Field(() => ID, { nullable: true, description: 'The store it is about.' })
  storeId?: string;

  @Field(() => String, { nullable: true, description: 'Who asked for it.' })
  associateId?: string;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId?: string;

  @Field(() => Float, { nullable: true, description: "On the survey's scale." })
  score?: number;

  @Field(() => String, { nullable: true, description: 'What was written.' })
  comment?: string;

  @Field(() => String, { nullable: true, description: 'Language of the text.' })
  language?: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was given.' })
  occurredAt: Date;
}

@InputType({ description: 'Up to 1,000 answers of one source.' })
export class ImportAnswersInput {
  @Field(() => String, { description: 'Names the system they come from.' })
  source: string;

  @Field(() => [ImportAnswerInput], { description: 'The answers.' })
  answers: ImportAnswerInput[];
}
