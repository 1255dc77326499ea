import { Channel, GraphQLDateTimeISO, SafeInt } from '@trenza/values';
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'How well a channel suits a customer.' })
export class CustomerChannelFit {
  @Field(() => Channel, { description: 'The channel.' })
  channel: string;

  @Field(() => Float, {
    description: '0 to 1: where she comes, where she buys, how she takes messages, what she says she prefers.',
  })
  score: number;

  @Field(() => Boolean, { description: 'She may be contacted there for marketing now.' })
  allowed: boolean;

  @Field(() => String, { description: 'Why it suits her, and why she may or may not be contacted.' })
  reason: string;
}

@InputType({ description: 'A period of time.' })
export class ChannelPeriodInput {
  @Field(() => GraphQLDateTimeISO, { description: 'From this instant on.' })
  from: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'Before this instant.' })
  to: Date;
}

@ObjectType({ description: 'What a channel did in a period.' })
export class ChannelPerformance {
  @Field(() => String, { description: 'The channel, or the source that it told (for example `newsletter`).' })
  channel: string;

  @Field(() => Int, { description: 'Customers and visitors who were there or were reached there.' })
  reach: number;

  @Field(() => Int, { description: 'Of those, how many bought in the period, in whichever channel.' })
  buyers: number;

  @Field(() => Float, { description: 'Buyers by reach, 0 to 1.' })
  conversion: number;

  @Field(() => Int, { description: 'Orders made in this channel.' })
  orders: number;

  @Field(() => SafeInt, { description: 'Their value, in minor units.' })
  revenue: number;

  @Field(() => Int, { description: 'Messages sent.' })
  sent: number;

  @Field(() => Float, { description: 'Part of them that was opened or clicked, 0 to 1.' })
  engagement: number;

  @Field(() => Int, { description: 'Unsubscribed or complained.' })
  lost: number;

  @Field(() => Int, { description: 'Answers to surveys given here.' })
  answers: number;

  @Field(() => Float, { nullable: true, description: 'Promoters less detractors, −100 to 100; empty without answers.' })
  satisfaction: number | null;

  @Field(() => SafeInt, { description: 'What the messages cost, in minor units.' })
  cost: number;
}
