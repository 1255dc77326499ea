import { GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';

/** What kind of identifier. GraphQL says `EMAIL`, rows and events say `email`. */
export enum CustomerIdentifierType {
  USER = 'user',
  SOURCE = 'source',
  TILL = 'till',
  CARD = 'card',
  EMAIL = 'email',
  PHONE = 'phone',
  SOCIAL = 'social',
  DEVICE = 'device',
  COOKIE = 'cookie',
}
registerEnumType(CustomerIdentifierType, {
  name: 'CustomerIdentifierType',
  description: 'What kind of identifier, the strongest first.',
  valuesConfig: {
    USER: { description: 'A login of the web shop or the app. One customer has one.' },
    SOURCE: { description: 'The number of a record in another system, written `source:number`.' },
    TILL: { description: 'A customer number of a till.' },
    CARD: { description: 'A loyalty card. Numbers of 13 digits and more must have a correct check digit.' },
    EMAIL: { description: 'A mailbox.' },
    PHONE: { description: 'A telephone number; stored as E.164.' },
    SOCIAL: { description: 'An account of a social network, written `network:handle`.' },
    DEVICE: { description: 'An app installation, a tablet, a kiosk.' },
    COOKIE: { description: 'A browser.' },
  },
});

@InputType({ description: 'Something by which a customer is recognised. It is normalised before it is compared.' })
export class IdentifierInput {
  @Field(() => CustomerIdentifierType, { description: 'What kind of identifier it is.' })
  type: CustomerIdentifierType;

  @Field(() => String, { description: 'The identifier as it was given, such as ` Ana@Shop.es ` or `612 34 56 78`.' })
  value: string;
}

@ObjectType({ description: 'An identifier of a customer.' })
export class CustomerIdentifier {
  @Field(() => CustomerIdentifierType, { description: 'What kind of identifier it is.' })
  type: CustomerIdentifierType;

  @Field(() => String, { description: 'Its normal form, or what the role of the caller may see of it.' })
  value: string;

  @Field(() => Boolean, { nullable: true, description: 'True where `value` shows only a part of it.' })
  masked?: boolean | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was first seen.' })
  firstSeenAt: Date;

  @Field(() => Boolean, { description: 'True where several people use it: it links nobody any more.' })
  shared: boolean;
}

@InputType({ description: 'An identifier that several people use.' })
export class MarkSharedInput {
  @Field(() => CustomerIdentifierType, {
    description: 'What kind it is; a login, a source record or a till number belongs to one person and is refused.',
  })
  type: CustomerIdentifierType;

  @Field(() => String, { description: 'The identifier as it was given.' })
  value: string;

  @Field(() => String, { description: 'How one knows; kept in the audit log. 1 to 500 characters.' })
  reason: string;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166 country in which telephone numbers without +code are read.',
  })
  country?: string | null;
}

@ObjectType({ description: 'The identifier after it was marked.' })
export class MarkSharedPayload {
  @Field(() => CustomerIdentifier, { nullable: true, description: 'The identifier.' })
  identifier?: CustomerIdentifier | null;

  @Field(() => [UserError], { description: 'Why it was not marked.' })
  errors: UserError[];
}
