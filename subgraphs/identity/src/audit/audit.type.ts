import { connection, GraphQLDateTimeISO } from '@trenza/values';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({
  description:
    'Somebody of the staff, or she herself, read or changed personal data of a customer, or an admin changed a setting.',
})
export class CustomerAuditEntry {
  @Field(() => ID, { description: 'The id of the entry.' })
  id: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was.' })
  at: Date;

  @Field(() => String, { description: 'Who it was: the subject of the token.' })
  actor: string;

  @Field(() => String, { description: 'In which role.' })
  role: string;

  @Field(() => String, {
    description:
      'What was done: read, found (looked up by an identifier), sought (looked up in vain), reveal, identify, consent, merge, unmerge, erase …',
  })
  action: string;

  @Field(() => Boolean, { description: 'True where data was changed, false where it was only read.' })
  changed: boolean;

  @Field(() => [String], { description: 'Which fields it was about. Values of customers are never kept here.' })
  fields: string[];

  @Field(() => ID, {
    nullable: true,
    description: 'The id by which she was known at that time; null where a setting was changed or nobody was found.',
  })
  customerId: string | null;

  @Field(() => String, { nullable: true, description: 'The reason that was given.' })
  reason: string | null;

  @Field(() => String, { nullable: true, description: 'The request in which it happened, as it stands in the logs.' })
  requestId: string | null;
}

@ObjectType({ description: 'A page of the audit log of a customer, the latest first.' })
export class CustomerAuditEntryConnection extends connection('CustomerAuditEntry', () => CustomerAuditEntry) {}
