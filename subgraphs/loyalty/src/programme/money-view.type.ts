import { Money, SafeInt } from '@trenza/values';
import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Points that moved between the programme and its customers.' })
export class ProgrammeFlow {
  @Field(() => SafeInt, { description: 'Given to customers.' })
  issued: number;

  @Field(() => SafeInt, { description: 'Spent, less what came back after returns.' })
  redeemed: number;

  @Field(() => SafeInt, { description: 'Run out unspent.' })
  expired: number;

  @Field(() => SafeInt, { description: 'Taken back after returns, or by a correction.' })
  reversed: number;
}

@ObjectType({ description: 'One day of the programme.' })
export class ProgrammeDay extends ProgrammeFlow {
  @Field(() => String, { description: 'The day, for example 2026-03-01, in the time zone of the programme.' })
  day: string;

  @Field(() => SafeInt, { description: 'What customers everywhere hold at its end.' })
  liability: number;
}

@ObjectType({ description: 'The part of a store or a channel.' })
export class ProgrammeShare extends ProgrammeFlow {
  @Field(() => String, {
    description: 'Id of the store, or name of the channel; zeros, or nothing, where the movements name none.',
  })
  key: string;
}

@ObjectType({ description: 'The programme in points and in money, over some days.' })
export class ProgrammeMoneyView extends ProgrammeFlow {
  @Field(() => [ProgrammeDay], { description: 'Every day of the period.' })
  days: ProgrammeDay[];

  @Field(() => [ProgrammeShare], { description: 'By store, the one that gave most first: up to 50.' })
  byStore: ProgrammeShare[];

  @Field(() => [ProgrammeShare], { description: 'By channel.' })
  byChannel: ProgrammeShare[];

  @Field(() => SafeInt, { description: 'What customers hold at the end of the period.' })
  liability: number;

  @Field(() => Money, { nullable: true, description: 'What that would pay for.' })
  liabilityValue: Money | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Of the points that came to an end in the year before, the share that expired; null while none did.',
  })
  breakageRate: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Points of the liability that are expected to expire at that rate.',
  })
  expectedBreakage: number | null;

  @Field(() => Int, { description: 'Customers who earned or spent.' })
  activeCustomers: number;

  @Field(() => Money, { nullable: true, description: 'What the redeemed points paid for.' })
  cost: Money | null;

  @Field(() => Money, { nullable: true, description: 'That cost per active customer.' })
  costPerActiveCustomer: Money | null;
}
