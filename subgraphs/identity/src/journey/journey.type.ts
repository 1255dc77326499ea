import { Channel, connection, GraphQLDateTimeISO, JSONScalar, Money } from '@trenza/values';
import { Field, Float, ID, ObjectType, registerEnumType } from 'type-graphql';

export enum JourneyPhase {
  CONSIDER = 'consider',
  EVALUATE = 'evaluate',
  BUY = 'buy',
  EXPERIENCE = 'experience',
}
registerEnumType(JourneyPhase, {
  name: 'JourneyPhase',
  description: 'Where a customer is on her way.',
  valuesConfig: {
    CONSIDER: { description: 'She looks around.' },
    EVALUATE: { description: 'She compares products, prices and places.' },
    BUY: { description: 'She fills a cart and pays.' },
    EXPERIENCE: { description: 'She uses what she bought, and judges it and us.' },
  },
});

@ObjectType({
  description: 'One contact between the customer and the retailer, in any channel, from any part of the platform.',
})
export class Touchpoint {
  @Field(() => ID, { description: 'The id of the event it comes from.' })
  id: string;

  @Field(() => ID, { description: 'The profile under which it happened.' })
  profileId: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it happened, whenever we heard of it.' })
  occurredAt: Date;

  @Field(() => String, {
    description:
      'What happened: page_view, cart_changed, order_completed, points_earned, message_sent, survey_answered, case_opened …',
  })
  kind: string;

  @Field(() => Channel, { description: 'Where it happened.' })
  channel: string;

  @Field(() => String, { description: 'The part of the platform that told it.' })
  subgraph: string;

  @Field(() => ID, { nullable: true, description: 'The store, if it happened in one.' })
  storeId: string | null;

  @Field(() => ID, { nullable: true, description: 'The product it is about.' })
  productId: string | null;

  @Field(() => ID, { nullable: true, description: 'The order, message, answer or case it is about.' })
  subjectId: string | null;

  @Field(() => String, { nullable: true, description: 'The category it is about.' })
  category: string | null;

  @Field(() => Money, { nullable: true, description: 'The money it moved.' })
  money: Money | null;

  @Field(() => Float, { nullable: true, description: 'The score she gave.' })
  score: number | null;

  @Field(() => JSONScalar, { description: 'Whatever else is known of it.' })
  details: unknown;
}

@ObjectType({ description: 'A page of a customer’s journey, in the order in which things happened.' })
export class TouchpointConnection extends connection('Touchpoint', () => Touchpoint) {}

@ObjectType({ description: 'Where a customer is on her way, and what shows it.' })
export class CustomerPhase {
  @Field(() => JourneyPhase, { description: 'The phase.' })
  phase: string;

  @Field(() => Float, { description: 'The share of this phase in all recent evidence, 0 to 1.' })
  confidence: number;

  @Field(() => GraphQLDateTimeISO, { description: 'The earliest of the signs.' })
  since: Date;

  @Field(() => [String], { description: 'The kinds of contact that decided it, the strongest first.' })
  because: string[];
}

@ObjectType({ description: 'A moment of the journey that one would tell.' })
export class KeyMoment {
  @Field(() => String, { description: 'What it was, such as First purchase or Complaint.' })
  what: string;

  @Field(() => Touchpoint, { description: 'The contact.' })
  touchpoint: Touchpoint;
}
