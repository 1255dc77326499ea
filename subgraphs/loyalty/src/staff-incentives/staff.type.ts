import { SafeInt, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { PointBalance, PointMovementConnection } from '../points/points.type.ts';

@ObjectType({ description: 'What an associate did of one kind, and what it earned.' })
export class StaffDeedSummary {
  @Field(() => String, { description: 'feedback-collected, data-captured, task-done or customer-recognised.' })
  kind: string;

  @Field(() => Int, { description: 'Deeds in the last 30 days.' })
  deeds: number;

  @Field(() => SafeInt, { description: 'Points for them.' })
  points: number;

  @Field(() => Int, { description: 'Deeds that earned nothing: capped, or the same customer again.' })
  withoutPoints: number;
}

@ObjectType({ description: 'The incentives of an associate.' })
export class AssociateIncentives {
  @Field(() => String, { description: 'The associate, as events name her.' })
  associate: string;

  @Field(() => ID, { nullable: true, description: 'The store in which she was seen last.' })
  storeId: string | null;

  id: string;

  balance?: PointBalance;
  movements?: PointMovementConnection;
}

@InputType({ description: 'Points that leave an associate.' })
export class PayOutStaffInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => String, { description: 'The associate, as events name her.' })
  associate: string;

  @Field(() => SafeInt, { description: 'How many.' })
  points: number;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'True takes them back because they were not earned fairly.',
  })
  revoke: boolean;

  @Field(() => String, { description: 'Why. Up to 200 characters.' })
  reason: string;
}

@ObjectType({ description: 'The points that left.' })
export class PayOutStaffPayload {
  @Field(() => SafeInt, { nullable: true, description: 'How many.' })
  points: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'What is left.' })
  balance: number | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}
