import { Allow } from '@trenza/auth';
import { Channel, connection, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Store } from '../customers/entities.ts';

export enum CaseSeverity {
  LOW = 'low',
  MEDIUM = 'medium',
  HIGH = 'high',
}
registerEnumType(CaseSeverity, {
  name: 'CaseSeverity',
  description: 'How bad it is: due within 72, 24 or 4 hours, while the store is open.',
});

export enum FeedbackCaseStatus {
  OPEN = 'open',
  IN_PROGRESS = 'in-progress',
  RESOLVED = 'resolved',
  CLOSED = 'closed',
}
registerEnumType(FeedbackCaseStatus, { name: 'FeedbackCaseStatus', description: 'Where a case stands.' });

const STAFF = { roles: ['associate', 'care', 'analyst', 'admin', 'service'] } as const;

@ObjectType({ description: 'Something that happened to a case, for whoever takes it over.' })
export class FeedbackCaseNote {
  @Field(() => ID, { description: 'The note.' })
  id: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  at: Date;

  @Field(() => String, { description: 'Who.' })
  author: string;

  @Field(() => String, { description: 'opened, note, assigned, status, escalated, resolved or task.' })
  kind: string;

  @Field(() => String, { nullable: true, description: 'What.' })
  text: string | null;
}

@ObjectType({ description: 'An unhappy customer who is owed an answer.' })
export class FeedbackCase {
  @Field(() => ID, { description: 'The case.' })
  id: string;

  @Field(() => String, { description: 'The score, and what she was unhappy about.' })
  reason: string;

  @Field(() => CaseSeverity, { description: 'How bad it is.' })
  severity: CaseSeverity;

  @Field(() => FeedbackCaseStatus, { description: 'Where it stands.' })
  status: FeedbackCaseStatus;

  @Field(() => Channel, { description: 'Where she said it.' })
  channel: Channel;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was opened.' })
  openedAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'When somebody must have seen to it.' })
  dueAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was put right.' })
  resolvedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Who sees to it.' })
  @Allow(STAFF)
  owner: string | null;

  @Field(() => String, { nullable: true, description: 'Why it had happened.' })
  @Allow(STAFF)
  rootCause: string | null;

  @Field(() => Int, { description: 'How often it was escalated because nobody had seen to it.' })
  @Allow(STAFF)
  escalations: number;

  @Field(() => ID, { nullable: true, description: "Campaign's task for the store." })
  @Allow(STAFF)
  taskId: string | null;

  @Field(() => Store, { nullable: true, description: 'The store it is about.' })
  store: Store | null;

  answerId: string | null;
  profileId: string | null;
}

@ObjectType({ description: 'A page of cases.' })
export class FeedbackCaseConnection extends connection('FeedbackCase', () => FeedbackCase) {}

@InputType({ description: 'A case opened by hand: after a call, at the till.' })
export class OpenCaseInput {
  @Field(() => String, { description: 'Makes a retry harmless.' })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Who is owed an answer.' })
  profileId?: string;

  @Field(() => ID, { nullable: true, description: 'The store it is about.' })
  storeId?: string;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId?: string;

  @Field(() => Channel, { description: 'Where she said it.' })
  channel: Channel;

  @Field(() => String, {
    description: 'A topic in a few words, no names and no quotations: it is told to other services.',
  })
  reason: string;

  @Field(() => CaseSeverity, { description: 'How bad it is.' })
  severity: CaseSeverity;

  @Field(() => String, { nullable: true, description: 'What she said; stays here.' })
  note?: string;
}

@InputType({ description: 'Who sees to a case.' })
export class AssignCaseInput {
  @Field(() => ID, { description: 'The case.' })
  caseId: string;

  @Field(() => String, { description: 'The account of a colleague; whoever asks unless said.', nullable: true })
  owner?: string;
}

@InputType({ description: 'A note for whoever takes the case over.' })
export class NoteCaseInput {
  @Field(() => ID, { description: 'The case.' })
  caseId: string;

  @Field(() => String, { description: 'Up to 5,000 characters.' })
  text: string;
}

@InputType({ description: 'Takes a case up, closes it, or opens it again. Resolving has its own mutation.' })
export class MoveCaseInput {
  @Field(() => ID, { description: 'The case.' })
  caseId: string;

  @Field(() => FeedbackCaseStatus, { description: 'Where to.' })
  status: FeedbackCaseStatus;
}

@InputType({ description: 'How a case was put right.' })
export class ResolveCaseInput {
  @Field(() => ID, { description: 'The case.' })
  caseId: string;

  @Field(() => String, {
    description: 'Why it had happened, in a few words that can be counted: late-delivery, wrong-size-chart …',
  })
  rootCause: string;

  @Field(() => String, { nullable: true, description: 'What was done.' })
  note?: string;
}

@ObjectType({ description: 'The case after the change.' })
export class FeedbackCasePayload {
  @Field(() => FeedbackCase, { nullable: true, description: 'Null if there are errors.' })
  case: FeedbackCase | null;

  @Field(() => [UserError], { description: 'What to put right.' })
  errors: UserError[];
}

@ObjectType({ description: 'Why customers were unhappy, over the cases of a period.' })
export class CaseRootCause {
  @Field(() => String, { description: 'The root cause.' })
  rootCause: string;

  @Field(() => Int, { description: 'Cases.' })
  count: number;

  @Field(() => Int, { description: 'Of these, customers whose latest score is passive or better again.' })
  recovered: number;
}
