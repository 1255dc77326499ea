import { GraphQLDateTimeISO } from '@trenza/values';
import { Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

enum AttributionModel {
  FIRST = 'first',
  LAST = 'last',
  LINEAR = 'linear',
  POSITION = 'position',
  TIME_DECAY = 'time-decay',
  MARKOV = 'markov',
  SHAPLEY = 'shapley',
}
registerEnumType(AttributionModel, {
  name: 'AttributionModel',
  description:
    'Who earned a sale: the first contact, the last, all alike, the ends more, the later more, or by what would be lost without it (MARKOV, SHAPLEY).',
});

@InputType({ description: 'The sales to attribute.' })
export class AttributionInput {
  @Field(() => AttributionModel, { description: 'How credit is shared.' })
  model: string;

  @Field(() => GraphQLDateTimeISO, { description: 'Sales from this instant on.' })
  from: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'Sales before this instant.' })
  to: Date;

  @Field(() => Int, {
    nullable: true,
    description: 'Contacts this many days before a sale count, 1 to 365; 30 if empty.',
  })
  lookbackDays?: number | null;
}

@ObjectType({ description: 'What a channel earned.' })
export class ChannelCredit {
  @Field(() => String, { description: 'The channel, or the source that the channel told (for example `newsletter`).' })
  channel: string;

  @Field(() => Float, { description: 'Sales credited to it; parts of a sale may go to several channels.' })
  conversions: number;

  @Field(() => Float, { description: 'Value credited to it, in minor units.' })
  value: number;

  @Field(() => Float, { description: 'Its part of all sales, 0 to 1.' })
  share: number;
}

@ObjectType({ description: 'Sales attributed to channels.' })
export class AttributionReport {
  @Field(() => AttributionModel, { description: 'How credit was shared.' })
  model: string;

  @Field(() => Int, { description: 'Sales in the period, of customers known by any profile.' })
  conversions: number;

  @Field(() => Float, { description: 'Their value, in minor units.' })
  value: number;

  @Field(() => Int, { description: 'Customers and visitors who were there and bought nothing.' })
  withoutConversion: number;

  @Field(() => [ChannelCredit], { description: 'Channels, the largest credit first. They sum to the whole.' })
  channels: ChannelCredit[];
}
