import { Channel, GraphQLDateTimeISO, JSONScalar, SafeInt, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Customer } from '../customers/customer.type.ts';
import { Product, Store } from '../facts/catalogue.type.ts';

enum NextBestActionKind {
  OFFER = 'offer',
  CONTENT = 'content',
  SERVICE = 'service',
  SILENCE = 'silence',
}
registerEnumType(NextBestActionKind, {
  name: 'NextBestActionKind',
  description: 'What the action is: an offer, content, a service to her, or deliberately nothing.',
});

@InputType({ description: 'What she is looking at now, where the channel knows it.' })
export class NextBestActionContext {
  @Field(() => ID, { nullable: true, description: 'The store she is in: only what is in stock there is suggested.' })
  storeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The product she is looking at.' })
  productId?: string | null;

  @Field(() => String, { nullable: true, description: 'The category she is looking at.' })
  category?: string | null;
}

@ObjectType({ description: 'One thing to do for a customer now, with the reason.' })
export class NextBestAction {
  @Field(() => ID, { description: 'The decision it belongs to; pass it to explainDecision and recordDecisionOutcome.' })
  decisionId: string;

  @Field(() => Int, { description: '1 is the action to take.' })
  rank: number;

  @Field(() => NextBestActionKind, { description: 'What the action is.' })
  kind: string;

  @Field(() => String, {
    description: 'Stable name of the action, for example `recommend:<product id>`, `recover:<case id>` or `silence`.',
  })
  action: string;

  @Field(() => String, { description: 'The action in a few words, in her language.' })
  title: string;

  @Field(() => String, { description: 'Why: the signal it springs from and how often it was taken up.' })
  reason: string;

  @Field(() => Float, { description: 'Probability that she takes it up.' })
  propensity: number;

  @Field(() => SafeInt, { description: 'What it brings if she does, in minor units.' })
  value: number;

  @Field(() => Float, { description: 'Propensity times value, less what the contact costs.' })
  score: number;

  @Field(() => Float, { description: 'Probability with which the policy puts this action first.' })
  probability: number;

  @Field(() => Product, { nullable: true, description: 'The product it is about.' })
  product: Product | null;

  @Field(() => Store, { nullable: true, description: 'The store that is to act.' })
  store: Store | null;

  @Field(() => ID, { nullable: true, description: 'The open complaint it sees to.' })
  caseId: string | null;

  @Field(() => ID, { nullable: true, description: 'The cart it is about.' })
  cartId: string | null;

  @Field(() => ID, { nullable: true, description: 'The offer of the catalogue it is.' })
  offerId: string | null;
}

@ObjectType({ description: 'A candidate that was not allowed to take part.' })
export class DecisionExclusion {
  @Field(() => String, { description: 'Stable name of the action.' })
  action: string;

  @Field(() => String, { description: 'The action in a few words.' })
  title: string;

  @Field(() => String, { description: 'The stage that excluded it: eligibility, consent, cap, stock or complaint.' })
  stage: string;

  @Field(() => String, { description: 'Why.' })
  reason: string;
}

@ObjectType({ description: 'One step on the way from what she did to what was done.' })
export class ExplanationStep {
  @Field(() => String, { description: 'signal, filter, score, choice, policy, delivery or outcome.' })
  stage: string;

  @Field(() => String, { description: 'What happened in this step, as a sentence.' })
  text: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When, where it is known.' })
  at: Date | null;
}

@ObjectType({ description: 'What became of a decision.' })
export class DecisionOutcome {
  @Field(() => Boolean, { description: 'She took it up.' })
  taken: boolean;

  @Field(() => SafeInt, { description: 'What it brought, in minor units.' })
  value: number;

  @Field(() => String, { description: 'Who told: the channel, an order, or time running out.' })
  source: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  at: Date;
}

@ObjectType({ description: 'Why she got this, or nothing: everything the decision was made from.' })
export class DecisionExplanation {
  @Field(() => ID, { description: 'Id of the decision.' })
  id: string;

  @Field(() => Customer, { description: 'Whom it was made for.' })
  customer: Customer;

  @Field(() => Channel, { description: 'Where.' })
  channel: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  decidedAt: Date;

  @Field(() => String, { description: 'Version of the policy that decided.' })
  policyVersion: string;

  @Field(() => Boolean, { description: 'It was tried on purpose to learn from it, against the best score.' })
  explored: boolean;

  @Field(() => String, { description: 'The decision in one sentence.' })
  summary: string;

  @Field(() => [ExplanationStep], { description: 'From the signals to the choice and its outcome.' })
  steps: ExplanationStep[];

  @Field(() => NextBestAction, { description: 'What was chosen.' })
  chosen: NextBestAction;

  @Field(() => [NextBestAction], { description: 'Those that took part, the chosen one first.' })
  candidates: NextBestAction[];

  @Field(() => [DecisionExclusion], { description: 'Those that did not, each with its reason.' })
  exclusions: DecisionExclusion[];

  @Field(() => JSONScalar, { description: 'What was known: intents, cart, refusals, saturation.' })
  circumstances: unknown;

  @Field(() => DecisionOutcome, { nullable: true, description: 'What became of it, once that is known.' })
  outcome: DecisionOutcome | null;
}

@InputType({ description: 'What became of a suggestion.' })
export class RecordDecisionOutcomeInput {
  @Field(() => ID, { description: 'The decision.' })
  decisionId: string;

  @Field(() => Boolean, { description: 'She took it up (clicked, accepted, bought); false where she dismissed it.' })
  taken: boolean;

  @Field(() => SafeInt, { nullable: true, description: 'What it brought, in minor units; nothing if empty.' })
  value?: number | null;
}

@ObjectType({ description: 'Result of recordDecisionOutcome.' })
export class RecordDecisionOutcomePayload {
  @Field(() => ID, { nullable: true, description: 'The decision.' })
  decisionId: string | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}

@InputType({ description: 'An offer, content or service that may be suggested.' })
export class SaveOfferInput {
  @Field(() => ID, { nullable: true, description: 'The offer to change; empty makes a new one.' })
  id?: string | null;

  @Field(() => NextBestActionKind, { description: 'What it is.' })
  kind: string;

  @Field(() => String, { description: 'What it says, up to 200 characters.' })
  title: string;

  @Field(() => String, {
    nullable: true,
    description: 'Only for those drawn to this topic, for example `category:Shoes`.',
  })
  topic?: string | null;

  @Field(() => ID, { nullable: true, description: 'The product it is about.' })
  productId?: string | null;

  @Field(() => [Channel], { nullable: true, description: 'Channels it is made for; empty for all.' })
  channels?: string[] | null;

  @Field(() => SafeInt, { description: 'What it brings if taken up, in minor units.' })
  value: number;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when; now if empty.' })
  startsAt?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; for good if empty.' })
  endsAt?: Date | null;
}

@ObjectType({ description: 'Result of saveOffer.' })
export class SaveOfferPayload {
  @Field(() => ID, { nullable: true, description: 'The offer.' })
  offerId: string | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}
