import { connection, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { Customer } from '../customers/customer.type.ts';

export enum MatchDecision {
  ACCEPT = 'accept',
  REJECT = 'reject',
}
registerEnumType(MatchDecision, {
  name: 'MatchDecision',
  description: 'What somebody decides on a doubtful match.',
  valuesConfig: {
    ACCEPT: { description: 'One person: the customers are merged.' },
    REJECT: { description: 'Two people: nothing links them any more.' },
  },
});

@ObjectType({ description: 'What one field says about whether two profiles are one person.' })
export class MatchEvidence {
  @Field(() => String, { description: 'The field, such as birthDate.' })
  field: string;

  @Field(() => String, {
    description: 'What the comparison found, such as `equal` or `given and family name swapped`.',
  })
  finding: string;

  @Field(() => Float, {
    description: 'What it is worth in bits: each bit doubles the odds, a negative one halves them.',
  })
  weight: number;

  @Field(() => Float, { description: 'The part of the weight that comes from how rare the value is.' })
  rarity: number;
}

@ObjectType({ description: 'Two customers who may be one person, and what speaks for and against it.' })
export class MatchReview {
  @Field(() => ID, { description: 'The id of the match.' })
  id: string;

  @Field(() => Customer, { description: 'One of the two.' })
  left: Customer;

  @Field(() => Customer, { description: 'The other one; the same if they have been merged meanwhile.' })
  right: Customer;

  @Field(() => Float, { description: 'How likely they are one person, 0 to 1.' })
  probability: number;

  @Field(() => Float, { description: 'The sum of the evidence in bits.' })
  weight: number;

  @Field(() => [MatchEvidence], { description: 'The evidence, field by field; it adds up to the weight.' })
  evidence: MatchEvidence[];

  @Field(() => String, { description: 'open, merged (by itself), accepted or rejected.' })
  status: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was found.' })
  createdAt: Date;
}

@ObjectType({ description: 'A page of doubtful matches, the likeliest first.' })
export class MatchReviewConnection extends connection('MatchReview', () => MatchReview) {}

@InputType({ description: 'A decision on a doubtful match.' })
export class DecideMatchInput {
  @Field(() => ID, { description: 'The id of the match.' })
  id: string;

  @Field(() => MatchDecision, { description: 'One person or two.' })
  decision: MatchDecision;

  @Field(() => String, { description: 'Why; kept with the decision.' })
  reason: string;
}

@ObjectType({ description: 'The match after the decision.' })
export class DecideMatchPayload {
  @Field(() => MatchReview, { nullable: true, description: 'The match.' })
  review?: MatchReview | null;

  @Field(() => [UserError], { description: 'Why nothing was decided.' })
  errors: UserError[];
}

@InputType({ description: 'Two customers who are not one person.' })
export class ForbidLinkInput {
  @Field(() => ID, { description: 'One of them.' })
  left: string;

  @Field(() => ID, { description: 'The other one.' })
  right: string;

  @Field(() => String, { description: 'Why; kept with the decision.' })
  reason: string;
}

@ObjectType({ description: 'The two customers after the decision.' })
export class ForbidLinkPayload {
  @Field(() => [Customer], { nullable: true, description: 'Both, who will not be linked by evidence.' })
  customers?: Customer[] | null;

  @Field(() => [UserError], { description: 'Why nothing was decided.' })
  errors: UserError[];
}

@ObjectType({ description: 'A request to learn anew what agreements are worth.' })
export class MatchTraining {
  @Field(() => ID, { description: 'The id of the request.' })
  id: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was asked.' })
  requestedAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was done.' })
  finishedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was not done.' })
  error: string | null;
}

@ObjectType({ description: 'The request as it was taken.' })
export class TrainMatchingPayload {
  @Field(() => MatchTraining, { nullable: true, description: 'The request.' })
  training?: MatchTraining | null;

  @Field(() => [UserError], { description: 'Why it was not taken.' })
  errors: UserError[];
}
