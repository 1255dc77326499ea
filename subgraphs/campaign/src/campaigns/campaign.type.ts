import { Channel, connection, GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CampaignLift } from '../experiments/lift.type.ts';
import type { Rule } from '../segments/rule.ts';
import { RULE } from '../segments/segment.type.ts';
import { CampaignTemplate, MessagePurpose } from '../messages/message.type.ts';

enum CampaignStatus {
  DRAFT = 'draft',
  SCHEDULED = 'scheduled',
  LAUNCHED = 'launched',
  CANCELLED = 'cancelled',
}
registerEnumType(CampaignStatus, { name: 'CampaignStatus', description: 'Where a campaign stands.' });

@ObjectType({ description: 'How far a campaign has got, in customers.' })
export class CampaignProgress {
  @Field(() => Int, { description: 'Meant by it.' })
  members: number;

  @Field(() => Int, { description: 'Held out, to measure lift.' })
  heldOut: number;

  @Field(() => Int, { description: 'Waiting to be written to or put off by the contact policy.' })
  waiting: number;

  @Field(() => Int, { description: 'Reached.' })
  sent: number;

  @Field(() => Int, { description: 'Not written to, because the contact policy said no.' })
  denied: number;

  @Field(() => Int, { description: 'Failed, unknown or without a gateway.' })
  failed: number;
}

@ObjectType({ description: 'A campaign: whom it means, what it says, where and when.' })
export class CampaignDefinition {
  @Field(() => ID, { description: 'Id of the campaign.' })
  id: string;

  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => CampaignTemplate, { description: 'What it says.' })
  template?: CampaignTemplate;

  templateId: string;

  @Field(() => Channel, { description: 'Where.' })
  channel: string;

  @Field(() => MessagePurpose, { description: 'Why.' })
  purpose: string;

  @Field(() => JSONScalar, { description: 'Whom it means, as in CreateCampaignInput.' })
  audience: unknown;

  @Field(() => Int, { description: 'Higher goes first where a cap leaves room for one only.' })
  priority: number;

  @Field(() => Float, { description: 'Share of the audience that gets nothing, so that lift can be measured.' })
  holdOut: number;

  @Field(() => CampaignStatus, { description: 'Where it stands.' })
  status: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it is due, once it is scheduled.' })
  sendAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was made.' })
  createdAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When its audience was determined.' })
  launchedAt: Date | null;

  @Field(() => CampaignProgress, { description: 'How far it has got.' })
  progress?: CampaignProgress;

  lift?: CampaignLift;
}

@ObjectType({ description: 'A page of campaigns.' })
export class CampaignDefinitionConnection extends connection('CampaignDefinition', () => CampaignDefinition) {}

@InputType({ description: 'A new campaign; nothing is sent before it is launched.' })
export class CreateCampaignInput {
  @Field(() => String, { description: 'Repeating the same key returns the first campaign.' })
  idempotencyKey: string;

  @Field(() => String, { description: 'Name, up to 100 characters.' })
  name: string;

  @Field(() => ID, { description: 'What it says.' })
  templateId: string;

  @Field(() => Channel, { description: 'Where.' })
  channel: string;

  @Field(() => MessagePurpose, { nullable: true, description: 'Why; MARKETING if empty.' })
  purpose?: string | null;

  @Field(() => JSONScalar, { description: `Whom it means. ${RULE}` })
  audience: Rule;

  @Field(() => Int, { nullable: true, description: '0 (also if empty) to 100; higher goes first.' })
  priority?: number | null;

  @Field(() => Float, { nullable: true, description: '0 (also if empty) to 0.5.' })
  holdOut?: number | null;
}

@InputType({ description: 'Launch a campaign.' })
export class LaunchCampaignInput {
  @Field(() => ID, { description: 'The campaign.' })
  campaignId: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When; now if empty.' })
  sendAt?: Date | null;
}

@InputType({ description: 'Cancel a campaign.' })
export class CancelCampaignInput {
  @Field(() => ID, { description: 'The campaign.' })
  campaignId: string;
}

@ObjectType({ description: 'Result of a mutation on a campaign.' })
export class CampaignDefinitionPayload {
  @Field(() => CampaignDefinition, { nullable: true, description: 'The campaign as it stands now.' })
  campaign: CampaignDefinition | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}
