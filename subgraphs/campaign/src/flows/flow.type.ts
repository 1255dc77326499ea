import { connection, GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Step } from './flow.ts';

enum FlowTrigger {
  CART_ABANDONED = 'cart-abandoned',
  ORDER_COMPLETED = 'order-completed',
  CASE_OPENED = 'case-opened',
  TIER_CHANGED = 'tier-changed',
  STORE_VISITED = 'store-visited',
  CONSENT_GRANTED = 'consent-granted',
}
registerEnumType(FlowTrigger, {
  name: 'FlowTrigger',
  description: 'What happens to a customer that begins or ends a flow.',
});

const STEPS =
  'A list of up to 30 steps, each one of {"wait": {"hours"}}, {"send": {"templateId", "channel", "purpose"}}, {"task": {"kind", "reason", "script", "hours"}}, ' +
  '{"branch": {"if": condition, "then", "else"}}, {"split": {"parts": [{"share", "go"}]}} and {"end": true}. ' +
  'then, else and go are the places of later steps, from 0. Conditions are those of segments.';

@ObjectType({ description: 'How many customers are where in a flow.' })
export class FlowProgress {
  @Field(() => Int, { description: 'In it now.' })
  running: number;

  @Field(() => Int, { description: 'Came to its end.' })
  done: number;

  @Field(() => Int, { description: 'Left it early, because something else happened.' })
  exited: number;
}

@ObjectType({
  description: 'A flow of several steps over several channels: it may begin on the web and go on in the store.',
})
export class CampaignFlow {
  @Field(() => ID, { description: 'Id of the flow.' })
  id: string;

  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => FlowTrigger, { description: 'What begins it.' })
  trigger: string;

  @Field(() => [FlowTrigger], { description: 'What ends it for her, wherever she is in it.' })
  exitOn: string[];

  @Field(() => JSONScalar, { description: STEPS })
  steps: Step[];

  @Field(() => Boolean, { description: 'It takes customers in and on; while it does not, they wait where they are.' })
  active: boolean;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was last changed.' })
  changedAt: Date;

  @Field(() => FlowProgress, { description: 'How many customers are where in it.' })
  progress?: FlowProgress;
}

@ObjectType({ description: 'A page of flows.' })
export class CampaignFlowConnection extends connection('CampaignFlow', () => CampaignFlow) {}

@ObjectType({ description: 'A customer on her way through a flow.' })
export class FlowRun {
  @Field(() => ID, { description: 'Id of this way through.' })
  id: string;

  @Field(() => String, { description: 'Name of the flow.' })
  flow: string;

  @Field(() => String, { description: 'running, done or exited.' })
  state: string;

  @Field(() => Int, { description: 'The step that is next, from 0.' })
  step: number;

  @Field(() => String, { description: 'Why she is there, waits or left.' })
  reason: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When she entered.' })
  enteredAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When she goes on, while she waits.' })
  dueAt: Date | null;
}

@InputType({ description: 'Save a flow.' })
export class SaveFlowInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The flow to change; empty makes a new one. Those who are in it go on as they entered.',
  })
  id?: string | null;

  @Field(() => String, { description: 'Name, up to 100 characters; unique.' })
  name: string;

  @Field(() => FlowTrigger, { description: 'What begins it.' })
  trigger: string;

  @Field(() => [FlowTrigger], { nullable: true, description: 'What ends it for her, wherever she is in it.' })
  exitOn?: string[] | null;

  @Field(() => JSONScalar, { description: STEPS })
  steps: Step[];

  @Field(() => Boolean, { description: 'Whether it takes customers in and on.' })
  active: boolean;
}

@ObjectType({ description: 'Result of saveFlow.' })
export class CampaignFlowPayload {
  @Field(() => CampaignFlow, { nullable: true, description: 'The flow as it stands now.' })
  flow: CampaignFlow | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}
