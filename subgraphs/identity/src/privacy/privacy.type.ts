import { GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { IdentifierInput } from '../identifiers/identifier.type.ts';

export enum PrivacyRequestKind {
  ERASURE = 'erasure',
  EXPORT = 'export',
}
registerEnumType(PrivacyRequestKind, {
  name: 'PrivacyRequestKind',
  description: 'What was asked: to be forgotten, or to see everything.',
});

@ObjectType({ description: 'The answer of one part of the platform.' })
export class PrivacyReceipt {
  @Field(() => String, { description: 'Which part answered.' })
  subgraph: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When the answer arrived.' })
  receivedAt: Date;

  @Field(() => JSONScalar, { nullable: true, description: 'Of an erasure: how many rows of which kind were removed.' })
  removed: unknown;

  @Field(() => JSONScalar, {
    nullable: true,
    description: 'Of an erasure: how many rows of which kind were made anonymous.',
  })
  anonymised: unknown;
}

@ObjectType({ description: 'A request to be forgotten or to see everything, and how far it has come.' })
export class PrivacyRequest {
  @Field(() => ID, { description: 'The id of the request.' })
  id: string;

  @Field(() => PrivacyRequestKind, { description: 'What was asked.' })
  kind: string;

  @Field(() => ID, { description: 'The customer it is about.' })
  customerId: string;

  @Field(() => [ID], { description: 'Her profiles at that moment.' })
  profileIds: string[];

  @Field(() => GraphQLDateTimeISO, { description: 'When it was asked.' })
  requestedAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When the last part of the platform had answered.' })
  completedAt: Date | null;

  @Field(() => [PrivacyReceipt], { description: 'The answers so far; five of them prove that it is done.' })
  receipts: PrivacyReceipt[];

  @Field(() => [String], { description: 'The parts that have not answered yet.' })
  missing: string[];

  @Field(() => JSONScalar, {
    nullable: true,
    description:
      'Of an export: everything, by part of the platform. Kept for 30 days, or as the rule of retention says.',
  })
  document: unknown;
}

@InputType({ description: 'Whom a privacy request is about.' })
export class PrivacyRequestInput {
  @Field(() => ID, { description: 'Any id of hers.' })
  customerId: string;

  @Field(() => String, { description: 'Why, or who asked; kept with the request.' })
  reason: string;
}

@ObjectType({ description: 'The request as it was taken.' })
export class PrivacyRequestPayload {
  @Field(() => PrivacyRequest, { nullable: true, description: 'The request.' })
  request?: PrivacyRequest | null;

  @Field(() => [UserError], { description: 'Why it was not taken.' })
  errors: UserError[];
}

@InputType({ description: 'Identifiers of somebody who was erased and comes back by her own will.' })
export class LiftErasureInput {
  @Field(() => [IdentifierInput], { description: 'The identifiers that may be stored again.' })
  identifiers: IdentifierInput[];

  @Field(() => String, { description: 'How she asked for it.' })
  reason: string;
}

@ObjectType({ description: 'What may be stored again.' })
export class LiftErasurePayload {
  @Field(() => Int, { nullable: true, description: 'How many of the identifiers were barred until now.' })
  lifted?: number | null;

  @Field(() => [UserError], { description: 'Why it was not done.' })
  errors: UserError[];
}
