import { Channel, connection, GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Customer } from '../customers/customer.type.ts';
import { ExplanationStep } from '../decisions/decision.type.ts';

export enum MessagePurpose {
  MARKETING = 'marketing',
  TRANSACTIONAL = 'transactional',
  SERVICE = 'service',
  SURVEY = 'survey',
}
registerEnumType(MessagePurpose, {
  name: 'MessagePurpose',
  description:
    'Why she is contacted. Marketing needs consent and is capped; a survey is capped and goes to nobody who refused surveys; service keeps quiet hours; what is transactional always goes out.',
});

enum MessageState {
  QUEUED = 'queued',
  SENDING = 'sending',
  SENT = 'sent',
  FAILED = 'failed',
  DENIED = 'denied',
  NOT_CONFIGURED = 'not-configured',
  UNKNOWN = 'unknown',
  CANCELLED = 'cancelled',
}
registerEnumType(MessageState, {
  name: 'MessageState',
  description:
    'Where a message stands. UNKNOWN: it may have gone out and nobody can tell, so it is not sent again by itself.',
});

export enum MessageOutcomeKind {
  DELIVERED = 'delivered',
  OPENED = 'opened',
  CLICKED = 'clicked',
  CONVERTED = 'converted',
  BOUNCED = 'bounced',
  COMPLAINED = 'complained',
  UNSUBSCRIBED = 'unsubscribed',
  FAILED = 'failed',
}
registerEnumType(MessageOutcomeKind, { name: 'MessageOutcomeKind', description: 'What became of a message.' });

@ObjectType({ description: 'Something that became of a message.' })
export class CampaignMessageOutcome {
  @Field(() => MessageOutcomeKind, { description: 'What.' })
  outcome: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  at: Date;
}

@ObjectType({ description: 'A message to a customer, whether it went out or not.' })
export class CampaignMessage {
  @Field(() => ID, { description: 'Id of the message.' })
  id: string;

  @Field(() => Customer, { description: 'Whom it is for.' })
  customer: Customer;

  @Field(() => Channel, { description: 'Where it goes.' })
  channel: string;

  @Field(() => MessagePurpose, { description: 'Why she is contacted.' })
  purpose: string;

  @Field(() => MessageState, { description: 'Where it stands.' })
  state: string;

  @Field(() => String, { description: 'Why it stands there.' })
  reason: string;

  @Field(() => String, { description: 'Name of its template.' })
  template: string;

  @Field(() => String, { nullable: true, description: 'Language it was written in.' })
  language: string | null;

  @Field(() => String, { nullable: true, description: 'Subject, where the channel has one.' })
  subject: string | null;

  @Field(() => String, { nullable: true, description: 'What it says; empty until it is sent.' })
  body: string | null;

  @Field(() => ID, { nullable: true, description: 'The campaign it belongs to.' })
  campaignId: string | null;

  @Field(() => ID, { nullable: true, description: 'The decision it springs from.' })
  decisionId: string | null;

  @Field(() => Int, { description: 'How often it was tried to be sent.' })
  attempts: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was written.' })
  createdAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'It is not sent before.' })
  notBefore: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was sent.' })
  sentAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When she read it.' })
  readAt: Date | null;

  @Field(() => [CampaignMessageOutcome], { description: 'What became of it, in order.' })
  outcomes?: CampaignMessageOutcome[];

  @Field(() => [ExplanationStep], {
    description: 'Why she got this, or did not: from the audience over the contact policy to delivery.',
  })
  why?: ExplanationStep[];
}

@ObjectType({ description: 'A page of messages.' })
export class CampaignMessageConnection extends connection('CampaignMessage', () => CampaignMessage) {}

@ObjectType({ description: 'Result of a mutation on a message.' })
export class CampaignMessagePayload {
  @Field(() => CampaignMessage, { nullable: true, description: 'The message as it stands now.' })
  message: CampaignMessage | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}

@InputType({ description: 'Send one message to one customer.' })
export class SendMessageInput {
  @Field(() => String, { description: 'Repeating the same key returns the first message.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The customer, by any id of hers.' })
  customerId: string;

  @Field(() => ID, { description: 'The template to render.' })
  templateId: string;

  @Field(() => Channel, { description: 'Where it goes.' })
  channel: string;

  @Field(() => MessagePurpose, { description: 'Why she is contacted.' })
  purpose: string;

  @Field(() => JSONScalar, {
    nullable: true,
    description: 'What the template may use besides `customer` and `unsubscribeUrl`; up to 20,000 characters of JSON.',
  })
  variables?: Record<string, unknown> | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The decision it springs from: what becomes of the message teaches it.',
  })
  decisionId?: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Not before; at once if empty.' })
  notBefore?: Date | null;
}

@InputType({ description: 'Name one message.' })
export class MessageIdInput {
  @Field(() => ID, { description: 'The message.' })
  messageId: string;
}

@InputType({ description: 'What became of a message, as its provider or channel tells it.' })
export class RecordMessageOutcomeInput {
  @Field(() => ID, { description: 'The message.' })
  messageId: string;

  @Field(() => MessageOutcomeKind, { description: 'What became of it.' })
  outcome: string;

  @Field(() => String, { nullable: true, description: 'What the provider said; without personal data.' })
  detail?: string | null;
}

@InputType({ description: 'The token of an unsubscribe link.' })
export class UnsubscribeInput {
  @Field(() => String, { description: 'The token in the link.' })
  token: string;
}

@ObjectType({ description: 'Result of unsubscribe.' })
export class UnsubscribePayload {
  @Field(() => Channel, { nullable: true, description: 'The channel in which she gets no more marketing.' })
  channel: string | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}

@InputType({ description: 'The text of a template for one channel and language.' })
export class CampaignTemplateVariantInput {
  @Field(() => Channel, { description: 'The channel.' })
  channel: string;

  @Field(() => String, { description: 'Language tag: es, en, pt-BR.' })
  language: string;

  @Field(() => String, { nullable: true, description: 'Subject, in Liquid; needed for e-mail.' })
  subject?: string | null;

  @Field(() => String, { description: 'Text in Liquid; HTML for e-mail, where values are escaped.' })
  body: string;
}

@InputType({ description: 'A message in all its channels and languages.' })
export class SaveCampaignTemplateInput {
  @Field(() => ID, { nullable: true, description: 'The template to change; empty makes a new one.' })
  id?: string | null;

  @Field(() => String, { description: 'Name, up to 100 characters; unique.' })
  name: string;

  @Field(() => [CampaignTemplateVariantInput], { description: 'Its texts; they replace the earlier ones.' })
  variants: CampaignTemplateVariantInput[];
}

@ObjectType({ description: 'The text of a template for one channel and language.' })
export class CampaignTemplateVariant {
  @Field(() => Channel, { description: 'The channel.' })
  channel: string;

  @Field(() => String, { description: 'Language tag.' })
  language: string;

  @Field(() => String, { nullable: true, description: 'Subject, in Liquid.' })
  subject: string | null;

  @Field(() => String, { description: 'Text, in Liquid.' })
  body: string;
}

@ObjectType({ description: 'One message in many channels and languages.' })
export class CampaignTemplate {
  @Field(() => ID, { description: 'Id of the template.' })
  id: string;

  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => [CampaignTemplateVariant], { description: 'Its texts.' })
  variants: CampaignTemplateVariant[];

  @Field(() => GraphQLDateTimeISO, { description: 'When it was last changed.' })
  changedAt: Date;
}

@ObjectType({ description: 'A page of templates.' })
export class CampaignTemplateConnection extends connection('CampaignTemplate', () => CampaignTemplate) {}

@ObjectType({ description: 'Result of saveCampaignTemplate.' })
export class CampaignTemplatePayload {
  @Field(() => CampaignTemplate, { nullable: true, description: 'The template as it stands now.' })
  template: CampaignTemplate | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}

@ObjectType({ description: 'A template as a customer would see it.' })
export class CampaignTemplatePreview {
  @Field(() => String, { description: 'The language that was chosen.' })
  language: string;

  @Field(() => String, { nullable: true, description: 'Rendered subject.' })
  subject: string | null;

  @Field(() => String, { description: 'Rendered text.' })
  body: string;
}
