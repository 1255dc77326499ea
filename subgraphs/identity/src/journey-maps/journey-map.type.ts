import { Channel, GraphQLDateTimeISO } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CustomerState } from '../customers/customer.type.ts';

@InputType({ description: 'Whose journeys are drawn, and which part of them.' })
export class JourneyMapFilter {
  @Field(() => GraphQLDateTimeISO, { description: 'From this moment on.' })
  from: Date;

  @Field(() => GraphQLDateTimeISO, {
    description: 'Up to this moment, which is not part of it; at most 366 days later.',
  })
  to: Date;

  @Field(() => Channel, { nullable: true, description: 'Only contacts in this channel.' })
  channel?: Channel | null;

  @Field(() => [ID], { nullable: true, description: 'Only these customers, by any id of theirs; at most 10,000.' })
  customerIds?: string[] | null;

  @Field(() => CustomerState, { nullable: true, description: 'Only people who are in this state today.' })
  state?: CustomerState | null;
}

@ObjectType({ description: 'A kind of contact in the journeys of many customers.' })
export class JourneyMapStep {
  @Field(() => String, { description: 'The kind, such as cart_changed.' })
  kind: string;

  @Field(() => Int, { description: 'How many customers came here.' })
  customers: number;

  @Field(() => Int, { description: 'How many times.' })
  times: number;

  @Field(() => Int, { description: 'How many customers went no further in the period.' })
  dropped: number;

  @Field(() => Float, { description: 'The share of its customers who went no further: 0 to 1.' })
  dropOff: number;
}

@ObjectType({ description: 'Two contacts that followed each other.' })
export class JourneyMapTransition {
  @Field(() => String, { description: 'The kind of the first.' })
  from: string;

  @Field(() => String, { description: 'The kind of the one that came next.' })
  to: string;

  @Field(() => Int, { description: 'How many times.' })
  times: number;

  @Field(() => Int, { description: 'How many customers went that way.' })
  customers: number;

  @Field(() => Float, { description: 'The share of all visits of the first that went on this way: 0 to 1.' })
  share: number;

  @Field(() => Float, { description: 'Half of them took fewer seconds than this.' })
  medianSeconds: number;
}

@ObjectType({ description: 'A step after which something went wrong.' })
export class JourneyMapPainPoint {
  @Field(() => String, { description: 'The kind of the step after which it hurt.' })
  after: string;

  @Field(() => String, {
    description: 'What followed: low-score, return, case, abandoned-cart or broken-promise.',
  })
  pain: string;

  @Field(() => Int, { description: 'How many times.' })
  times: number;

  @Field(() => Int, { description: 'How many customers it happened to.' })
  customers: number;

  @Field(() => Float, { description: 'The share of all visits of that step after which it happened: 0 to 1.' })
  share: number;
}

@ObjectType({ description: 'How many customers went, step by step.' })
export class JourneyMap {
  @Field(() => Int, { description: 'Customers with a contact in the period.' })
  customers: number;

  @Field(() => Int, { description: 'Contacts that were read.' })
  touchpoints: number;

  @Field(() => Boolean, {
    description: 'True where there were more contacts than are read at once; the latest are drawn. Ask for less time.',
  })
  truncated: boolean;

  @Field(() => [JourneyMapStep], { description: 'The steps, those of most customers first; at most 50.' })
  steps: JourneyMapStep[];

  @Field(() => [JourneyMapTransition], { description: 'The ways between them, the most frequent first; at most 200.' })
  transitions: JourneyMapTransition[];

  @Field(() => [JourneyMapPainPoint], { description: 'Where it hurts, most often first; at most 50.' })
  painPoints: JourneyMapPainPoint[];
}
