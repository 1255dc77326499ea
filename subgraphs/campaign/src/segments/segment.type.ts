import { connection, GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Rule } from './rule.ts';

/** One description for every place that takes a rule. A typed input would have to contain itself, which the compiling executor takes minutes for. */
export const RULE =
  'One condition: {"everyone": true}, {"segment": "<id>"}, {"all": [condition, …]}, {"any": [condition, …]}, {"not": condition}, ' +
  '{"fact": {"name", "op", "value"}}, {"intent": {"topic", "min"}} or {"consent": {"purpose", "channel"}}. ' +
  'Facts: orders, spend, days_since_order, days_since_seen, tier, attitude, language, city, preferred_channel, open_case, open_cart. ' +
  'Comparisons: eq, ne, gt, gte, lt, lte, in. What is not known satisfies no comparison.';

@ObjectType({
  description:
    'Customers who have something in common now. Membership is a matter of the facts, so it follows every event at once.',
})
export class CustomerSegment {
  @Field(() => ID, { description: 'Id of the segment.' })
  id: string;

  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => JSONScalar, { description: `Who belongs to it. ${RULE}` })
  rule: Rule;

  @Field(() => Int, { description: 'How many customers belong to it now.' })
  size?: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was last changed.' })
  changedAt: Date;
}

@ObjectType({ description: 'A page of segments.' })
export class CustomerSegmentConnection extends connection('CustomerSegment', () => CustomerSegment) {}

@InputType({ description: 'Save a segment.' })
export class SaveSegmentInput {
  @Field(() => ID, { nullable: true, description: 'The segment to change; empty makes a new one.' })
  id?: string | null;

  @Field(() => String, { description: 'Name, up to 100 characters; unique.' })
  name: string;

  @Field(() => JSONScalar, { description: `Who belongs to it. ${RULE}` })
  rule: Rule;
}

@ObjectType({ description: 'Result of saveSegment.' })
export class CustomerSegmentPayload {
  @Field(() => CustomerSegment, { nullable: true, description: 'The segment as it stands now.' })
  segment: CustomerSegment | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}
