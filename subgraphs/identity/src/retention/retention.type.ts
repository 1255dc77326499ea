import { GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum RetainedData {
  ANONYMOUS_TOUCHPOINTS = 'anonymous-touchpoints',
  ANONYMOUS_SOURCE_RECORDS = 'anonymous-source-records',
  AUDIT = 'audit',
  EXPORT_DOCUMENTS = 'export-documents',
}
registerEnumType(RetainedData, {
  name: 'RetainedData',
  description: 'A kind of data that is deleted when it is old.',
  valuesConfig: {
    ANONYMOUS_TOUCHPOINTS: { description: 'The journeys of visitors who never became known.' },
    ANONYMOUS_SOURCE_RECORDS: { description: 'What sources said of visitors who never became known.' },
    AUDIT: { description: 'Who read or changed whose data.' },
    EXPORT_DOCUMENTS: { description: 'What customers were given when they asked for everything; the receipts stay.' },
  },
});

@ObjectType({ description: 'How long a kind of data is kept.' })
export class RetentionRule {
  @Field(() => RetainedData, { description: 'The kind of data.' })
  kind: string;

  @Field(() => Int, { description: 'The days after which it is deleted.' })
  days: number;

  @Field(() => String, { description: 'Who said so; `trenza` for what ships.' })
  setBy: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When that was said.' })
  setAt: Date;
}

@InputType({ description: 'How long a kind of data is kept.' })
export class SetRetentionRuleInput {
  @Field(() => RetainedData, { description: 'The kind of data.' })
  kind: RetainedData;

  @Field(() => Int, { description: 'The days after which it is deleted: 30 to 3,650; the audit log at least 365.' })
  days: number;
}

@ObjectType({ description: 'The rules after the change.' })
export class SetRetentionRulePayload {
  @Field(() => [RetentionRule], { nullable: true, description: 'All rules.' })
  rules?: RetentionRule[] | null;

  @Field(() => [UserError], { description: 'Why the rule was not set.' })
  errors: UserError[];
}
