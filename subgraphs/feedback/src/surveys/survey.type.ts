import { GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum SurveyMetric {
  NPS = 'nps',
  CSAT = 'csat',
  CES = 'ces',
  CUSTOM = 'custom',
}
registerEnumType(SurveyMetric, {
  name: 'SurveyMetric',
  description:
    'What a survey measures: recommendation 0–10 (NPS), satisfaction 1–5 (CSAT), ease 1–7 (CES), or something of your own.',
});

export enum SurveyTrigger {
  ORDER_COMPLETED = 'order-completed',
  ORDER_RETURNED = 'order-returned',
  CASE_RESOLVED = 'case-resolved',
}
registerEnumType(SurveyTrigger, {
  name: 'SurveyTrigger',
  description: 'The moment of the journey after which a survey is due by itself.',
});

export enum SurveyQuestionKind {
  SCALE = 'scale',
  CHOICE = 'choice',
  MULTI = 'multi',
  TEXT = 'text',
}
registerEnumType(SurveyQuestionKind, { name: 'SurveyQuestionKind', description: 'How a question is answered.' });

export enum SurveyLanguageCode {
  ES = 'es',
  EN = 'en',
  PT = 'pt',
}
registerEnumType(SurveyLanguageCode, {
  name: 'SurveyLanguageCode',
  description: 'Languages in which surveys are worded and texts understood.',
});

@ObjectType({ description: 'A text in the languages it was written in.' })
@InputType('SurveyWordingInput', {
  description: 'A text in one or more languages; the default language of the survey must be among them.',
})
export class SurveyWording {
  @Field(() => String, { nullable: true, description: 'Spanish.' })
  es?: string;

  @Field(() => String, { nullable: true, description: 'English.' })
  en?: string;

  @Field(() => String, { nullable: true, description: 'Portuguese.' })
  pt?: string;
}

@ObjectType({ description: 'One of the answers that a question offers.' })
@InputType('SurveyOptionInput', { description: 'One of the answers that a question offers.' })
export class SurveyOption {
  @Field(() => String, { description: 'What is stored when it is chosen.' })
  id: string;

  @Field(() => SurveyWording, { description: 'What she reads.' })
  text: SurveyWording;
}

@ObjectType({ description: 'Where a question leads, depending on its answer; the first branch that fits wins.' })
@InputType('SurveyBranchInput', {
  description: 'Where a question leads, depending on its answer. Without a condition it always fits.',
})
export class SurveyBranch {
  @Field(() => Int, { nullable: true, description: 'Fits scores from here on.' })
  atLeast?: number;

  @Field(() => Int, { nullable: true, description: 'Fits scores up to here.' })
  atMost?: number;

  @Field(() => [String], { nullable: true, description: 'Fits if one of these options was chosen.' })
  oneOf?: string[];

  @Field(() => String, { description: 'The id of a later question, or "end".' })
  goto: string;
}

@ObjectType({ description: 'One question of a survey.' })
@InputType('SurveyQuestionInput', { description: 'One question of a survey.' })
export class SurveyQuestion {
  @Field(() => String, { description: 'Unique within the survey: lower case, digits, hyphens.' })
  id: string;

  @Field(() => SurveyQuestionKind, { description: 'How it is answered.' })
  kind: SurveyQuestionKind;

  @Field(() => SurveyWording, { description: 'What she reads.' })
  text: SurveyWording;

  @Field(() => Int, { nullable: true, description: 'Lowest value of a scale.' })
  min?: number;

  @Field(() => Int, { nullable: true, description: 'Highest value of a scale.' })
  max?: number;

  @Field(() => Boolean, { nullable: true, description: "Its answer is the survey's score; one question at most." })
  scored?: boolean;

  @Field(() => Boolean, { nullable: true, description: 'The survey is not complete without it.' })
  required?: boolean;

  @Field(() => [SurveyOption], { nullable: true, description: 'What a choice offers.' })
  options?: SurveyOption[];

  @Field(() => [SurveyBranch], {
    nullable: true,
    description: 'Where it leads; without one the next question follows.',
  })
  branches?: SurveyBranch[];
}

@ObjectType({ description: 'What customers are asked, in its current version.' })
export class Survey {
  @Field(() => ID, { description: 'Stable over its versions.' })
  id: string;

  @Field(() => String, { description: 'A name that programs can rely on, for example nps-after-purchase.' })
  key: string;

  @Field(() => SurveyMetric, { description: 'What it measures.' })
  metric: SurveyMetric;

  @Field(() => String, { description: 'What staff call it.' })
  name: string;

  @Field(() => String, { description: 'active or archived.' })
  status: string;

  @Field(() => SurveyTrigger, { nullable: true, description: 'The moment after which it is due by itself.' })
  trigger: SurveyTrigger | null;

  @Field(() => Int, { description: 'After it was put to a customer, she is not asked it again for so many days.' })
  restDays: number;

  @Field(() => Int, { description: 'An invitation can be answered for so many days.' })
  validDays: number;

  @Field(() => Int, { description: 'Minutes from the moment to the question.' })
  delayMinutes: number;

  @Field(() => Int, { description: 'Counts from 1; old versions stay for the answers given to them.' })
  version: number;

  @Field(() => SurveyLanguageCode, { description: 'The language that every text has.' })
  defaultLanguage: SurveyLanguageCode;

  @Field(() => [SurveyQuestion], { description: 'In order.' })
  questions: SurveyQuestion[];
}

@InputType({ description: 'A new survey.' })
export class CreateSurveyInput {
  @Field(() => String, { description: 'Makes a retry harmless.' })
  idempotencyKey: string;

  @Field(() => String, { description: 'Unique: lower case, digits, hyphens.' })
  key: string;

  @Field(() => SurveyMetric, { description: 'What it measures.' })
  metric: SurveyMetric;

  @Field(() => String, { description: 'What staff call it.' })
  name: string;

  @Field(() => SurveyTrigger, { nullable: true, description: 'The moment after which it is due by itself.' })
  trigger?: SurveyTrigger;

  @Field(() => Int, {
    defaultValue: 90,
    description: 'After it was put to a customer, she is not asked it again for so many days.',
  })
  restDays: number;

  @Field(() => Int, { defaultValue: 30, description: 'An invitation can be answered for so many days.' })
  validDays: number;

  @Field(() => Int, { defaultValue: 0, description: 'Minutes from the moment to the question.' })
  delayMinutes: number;

  @Field(() => SurveyLanguageCode, {
    defaultValue: SurveyLanguageCode.ES,
    description: 'The language that every text has.',
  })
  defaultLanguage: SurveyLanguageCode;

  @Field(() => [SurveyQuestion], { description: 'In order; branches lead forward only.' })
  questions: SurveyQuestion[];
}

@InputType({ description: 'New questions for a survey.' })
export class PublishSurveyVersionInput {
  @Field(() => String, { description: 'Makes a retry harmless.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The survey.' })
  surveyId: string;

  @Field(() => SurveyLanguageCode, {
    defaultValue: SurveyLanguageCode.ES,
    description: 'The language that every text has.',
  })
  defaultLanguage: SurveyLanguageCode;

  @Field(() => [SurveyQuestion], { description: 'In order; branches lead forward only.' })
  questions: SurveyQuestion[];
}

@InputType({ description: 'A survey that is asked no more.' })
export class ArchiveSurveyInput {
  @Field(() => ID, { description: 'The survey.' })
  surveyId: string;
}

@ObjectType({ description: 'The survey after the change.' })
export class SurveyPayload {
  @Field(() => Survey, { nullable: true, description: 'Null if there are errors.' })
  survey: Survey | null;

  @Field(() => [UserError], { description: 'What to put right.' })
  errors: UserError[];
}

@ObjectType({ description: 'What she is asked now: a survey with the language to show it in.' })
export class SurveyInvitation {
  @Field(() => ID, { description: 'The invitation.' })
  id: string;

  @Field(() => String, { description: 'Answers this invitation without signing in; goes into links and QR codes.' })
  token: string;

  @Field(() => String, { description: 'waiting, asked, answered, dismissed, expired or withdrawn.' })
  status: string;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it is put to her.' })
  dueAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'Until when it can be answered.' })
  expiresAt: Date;

  surveyId: string;
}
