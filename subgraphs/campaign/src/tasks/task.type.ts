import { connection, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Customer } from '../customers/customer.type.ts';
import { Store } from '../facts/catalogue.type.ts';

enum CampaignTaskKind {
  RECOVER_DETRACTOR = 'recover-detractor',
  CALL_ABANDONED_CART = 'call-abandoned-cart',
  INVITE = 'invite',
  OTHER = 'other',
}
registerEnumType(CampaignTaskKind, { name: 'CampaignTaskKind', description: 'What a person is asked to do.' });

export enum CampaignTaskState {
  OPEN = 'open',
  CLAIMED = 'claimed',
  DONE = 'done',
  DROPPED = 'dropped',
}
registerEnumType(CampaignTaskState, {
  name: 'CampaignTaskState',
  description: 'Where a task stands; DROPPED where its reason went away by itself.',
});

enum CampaignTaskOutcome {
  RECOVERED = 'recovered',
  SOLD = 'sold',
  REACHED = 'reached',
  NO_ANSWER = 'no-answer',
  NOT_INTERESTED = 'not-interested',
  ESCALATED = 'escalated',
}
registerEnumType(CampaignTaskOutcome, { name: 'CampaignTaskOutcome', description: 'What came of a task.' });

@ObjectType({
  description:
    'Something for a person to do for a customer, with reason and script. Her whole story is one field away.',
})
export class CampaignTask {
  @Field(() => ID, { description: 'Id of the task.' })
  id: string;

  @Field(() => CampaignTaskKind, { description: 'What is to be done.' })
  kind: string;

  @Field(() => CampaignTaskState, { description: 'Where it stands.' })
  state: string;

  @Field(() => Customer, { description: 'The customer it is for.' })
  customer: Customer;

  @Field(() => Store, { nullable: true, description: 'The store that is to do it; none means customer care.' })
  store: Store | null;

  @Field(() => String, { nullable: true, description: 'The account that took it.' })
  assignee: string | null;

  @Field(() => Int, { description: 'Higher is more urgent.' })
  priority: number;

  @Field(() => String, { description: 'Why it is to be done.' })
  reason: string;

  @Field(() => String, { description: 'What to say and do, in her language.' })
  script: string;

  @Field(() => GraphQLDateTimeISO, { description: 'Until when.' })
  dueAt: Date;

  @Field(() => Boolean, { description: 'It is past due and not done.' })
  overdue: boolean;

  @Field(() => ID, { nullable: true, description: 'The complaint it springs from.' })
  caseId: string | null;

  @Field(() => ID, { nullable: true, description: 'The cart it springs from.' })
  cartId: string | null;

  @Field(() => String, { nullable: true, description: 'What came of it, once it is closed.' })
  outcome: string | null;

  @Field(() => String, { nullable: true, description: 'What whoever did it noted.' })
  note: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it arose.' })
  createdAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was closed.' })
  completedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Who closed it.' })
  completedBy: string | null;
}

@ObjectType({ description: 'A page of tasks.' })
export class CampaignTaskConnection extends connection('CampaignTask', () => CampaignTask) {}

@InputType({ description: 'Take a task.' })
export class ClaimTaskInput {
  @Field(() => ID, { description: 'The task.' })
  taskId: string;
}

@InputType({ description: 'Close a task.' })
export class CompleteTaskInput {
  @Field(() => ID, { description: 'The task.' })
  taskId: string;

  @Field(() => CampaignTaskOutcome, { description: 'What came of it.' })
  outcome: string;

  @Field(() => String, { nullable: true, description: 'A note, up to 2,000 characters.' })
  note?: string | null;
}

@InputType({ description: 'Ask a person to do something for a customer.' })
export class CreateTaskInput {
  @Field(() => String, { description: 'Repeating the same key returns the first result.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The customer, by any id of hers.' })
  customerId: string;

  @Field(() => CampaignTaskKind, { description: 'What is to be done.' })
  kind: string;

  @Field(() => ID, { nullable: true, description: 'The store that is to do it; none means customer care.' })
  storeId?: string | null;

  @Field(() => String, { description: 'Why, up to 500 characters.' })
  reason: string;

  @Field(() => String, { description: 'What to say and do, up to 5,000 characters.' })
  script: string;

  @Field(() => GraphQLDateTimeISO, { description: 'Until when.' })
  dueAt: Date;
}

@ObjectType({ description: 'Result of a mutation on a task.' })
export class CampaignTaskPayload {
  @Field(() => CampaignTask, { nullable: true, description: 'The task as it stands now.' })
  task: CampaignTask | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}
