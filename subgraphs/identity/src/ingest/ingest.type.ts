import { Channel, GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { IdentifierInput } from '../identifiers/identifier.type.ts';

@InputType({ description: 'Somebody was seen: who it may be, and what was learnt about her.' })
export class IdentifyInput {
  @Field(() => [IdentifierInput], {
    nullable: true,
    description: 'Everything by which she can be recognised; up to 20.',
  })
  identifiers?: IdentifierInput[] | null;

  @Field(() => ID, { nullable: true, description: 'Her profile, where it is known from an earlier call.' })
  profileId?: string | null;

  @Field(() => JSONScalar, {
    nullable: true,
    description:
      'What she is like, such as { "givenName": "Ana", "city": "Lugo" }. Names that the platform uses: givenName, familyName, birthDate, gender, language, timeZone, country, postalCode, city, street, preferredChannel, quietHours.',
  })
  attributes?: unknown;

  @Field(() => JSONScalar, {
    nullable: true,
    description: 'Anything else the source said, kept as it is; up to 64 KB.',
  })
  payload?: unknown;

  @Field(() => String, {
    nullable: true,
    description:
      'Which system says so, such as `web-shop`; the channel if left out, and `self` where she says it herself.',
  })
  source?: string | null;

  @Field(() => Channel, { nullable: true, description: 'The channel in which she was seen.' })
  channel?: Channel | null;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When she was seen; now if left out. Late news lands in its place.',
  })
  occurredAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166 country in which telephone numbers without +code are read.',
  })
  country?: string | null;

  @Field(() => Float, { nullable: true, description: 'How sure the source is, 0 to 1; 0.8 if left out.' })
  confidence?: number | null;
}

@ObjectType({ description: 'Who was seen.' })
export class IdentifyPayload {
  @Field(() => ID, { nullable: true, description: 'The profile under which everything she does now is stored.' })
  profileId: string | null;

  @Field(() => ID, { nullable: true, description: 'The customer to whom that profile belongs today.' })
  customerId: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True where nobody was known by any of the identifiers.' })
  created: boolean | null;

  @Field(() => [String], { nullable: true, description: 'Which identifiers and preferences are not used, and why.' })
  warnings: string[] | null;

  @Field(() => [UserError], { description: 'Why nothing was stored.' })
  errors: UserError[];
}

@InputType({ description: 'Something a customer did.' })
export class TrackEventInput {
  @Field(() => String, {
    description: 'The number of the event in its source; the same one again is not counted twice.',
  })
  eventId: string;

  @Field(() => String, {
    description: 'What she did: page_view, product_viewed, search, store_visit, sign_in, review_written, share …',
  })
  kind: string;

  @Field(() => Channel, { description: 'Where she did it.' })
  channel: Channel;

  @Field(() => [IdentifierInput], { nullable: true, description: 'Everything by which she can be recognised.' })
  identifiers?: IdentifierInput[] | null;

  @Field(() => ID, { nullable: true, description: 'Her profile, where it is known.' })
  profileId?: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When she did it; now if left out.' })
  occurredAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Which system says so; the channel if left out.' })
  source?: string | null;

  @Field(() => ID, { nullable: true, description: 'The store it happened in.' })
  storeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The product it is about.' })
  productId?: string | null;

  @Field(() => String, { nullable: true, description: 'The category it is about.' })
  category?: string | null;

  @Field(() => JSONScalar, {
    nullable: true,
    description: 'Whatever else there is to know, such as { "query": "red shoes" }; up to 16 KB.',
  })
  properties?: Record<string, unknown> | null;
}

@InputType({ description: 'What customers did, up to 1,000 events.' })
export class TrackInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The profile of all events that name none. A customer must give hers.',
  })
  profileId?: string | null;

  @Field(() => [TrackEventInput], { description: 'The events, in any order.' })
  events: TrackEventInput[];
}

export enum TrackStatus {
  ACCEPTED = 'accepted',
  DUPLICATE = 'duplicate',
  REFUSED = 'refused',
}
registerEnumType(TrackStatus, { name: 'TrackStatus', description: 'What became of a tracked event.' });

@ObjectType({ description: 'What became of one event.' })
export class TrackResult {
  @Field(() => String, { description: 'The id that the event was sent with.' })
  eventId: string;

  @Field(() => TrackStatus, { description: 'Accepted, known already, or refused.' })
  status: string;

  @Field(() => ID, { nullable: true, description: 'The profile under which it is stored.' })
  profileId: string | null;

  @Field(() => ID, { nullable: true, description: 'The customer to whom that profile belongs.' })
  customerId: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was refused, as a stable code.' })
  code: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was refused, or what was odd about it.' })
  message: string | null;
}

@ObjectType({ description: 'What became of the events.' })
export class TrackPayload {
  @Field(() => [TrackResult], { nullable: true, description: 'One result per event, in the order of the input.' })
  results: TrackResult[] | null;

  @Field(() => [UserError], { description: 'Why the whole batch was refused.' })
  errors: UserError[];
}

@InputType({
  description: 'Two identifiers of one person, said on purpose, such as an old loyalty card and its replacement.',
})
export class AliasInput {
  @Field(() => IdentifierInput, { description: 'The identifier that is known.' })
  of: IdentifierInput;

  @Field(() => IdentifierInput, { description: 'The identifier that means the same person.' })
  alias: IdentifierInput;

  @Field(() => String, { description: 'Which system says so.' })
  source: string;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166 country in which telephone numbers without +code are read.',
  })
  country?: string | null;
}

@InputType({ description: 'One record of another system.' })
export class ImportProfileInput {
  @Field(() => String, {
    description: 'The number of the record in its source. The same record again updates its profile.',
  })
  sourceId: string;

  @Field(() => [IdentifierInput], { nullable: true, description: 'Everything by which she can be recognised.' })
  identifiers?: IdentifierInput[] | null;

  @Field(() => JSONScalar, { nullable: true, description: 'What she is like; see `IdentifyInput.attributes`.' })
  attributes?: unknown;

  @Field(() => JSONScalar, { nullable: true, description: 'Anything else the source said.' })
  payload?: unknown;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When the record was made or changed.' })
  occurredAt?: Date | null;

  @Field(() => Channel, { nullable: true, description: 'The channel the record comes from.' })
  channel?: Channel | null;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166 country in which telephone numbers without +code are read.',
  })
  country?: string | null;

  @Field(() => Float, { nullable: true, description: 'How sure the source is, 0 to 1; 0.8 if left out.' })
  confidence?: number | null;
}

@InputType({ description: 'Records of one source, up to 1,000.' })
export class ImportProfilesInput {
  @Field(() => String, { description: 'Which system they come from, such as `crm`.' })
  source: string;

  @Field(() => [ImportProfileInput], { description: 'The records.' })
  rows: ImportProfileInput[];
}

@ObjectType({ description: 'What became of one record.' })
export class ImportProfileResult {
  @Field(() => String, { description: 'The number of the record in its source.' })
  sourceId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Its profile: the same one on every import. Null where it was refused.',
  })
  profileId: string | null;

  @Field(() => ID, { nullable: true, description: 'The customer to whom that profile belongs.' })
  customerId: string | null;

  @Field(() => Boolean, { description: 'True where this import created the profile.' })
  created: boolean;

  @Field(() => String, { nullable: true, description: 'Why it was refused, as a stable code.' })
  code: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was refused, or which identifiers were not used.' })
  message: string | null;
}

@ObjectType({ description: 'What became of the records.' })
export class ImportProfilesPayload {
  @Field(() => [ImportProfileResult], {
    nullable: true,
    description: 'One result per record, in the order of the input.',
  })
  results: ImportProfileResult[] | null;

  @Field(() => [UserError], { description: 'Why the whole batch was refused.' })
  errors: UserError[];
}
