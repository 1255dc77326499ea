import { Channel, connection, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Store } from '../customers/entities.ts';
import { SurveyMetric } from '../surveys/survey.type.ts';

@ObjectType({ description: 'The score of a store or channel fell clearly below what is normal there.' })
export class FeedbackAlert {
  @Field(() => ID, { description: 'The alert.' })
  id: string;

  @Field(() => SurveyMetric, { description: 'Whose answers showed it.' })
  metric: SurveyMetric;

  @Field(() => Store, { nullable: true, description: 'The store, if it is one.' })
  store: Store | null;

  @Field(() => Channel, { nullable: true, description: 'The channel, if it is one.' })
  channel: Channel | null;

  @Field(() => Float, {
    description: 'Share of promoters minus detractors in the answers that showed it, −100 to 100.',
  })
  value: number;

  @Field(() => Float, { description: 'The same over the eight weeks before.' })
  baseline: number;

  @Field(() => Int, { description: 'How many answers showed it.' })
  answers: number;

  @Field(() => Float, { description: 'How sure it is: the drop in standard errors.' })
  standardErrors: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was noticed.' })
  raisedAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When the score was back.' })
  recoveredAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Who has seen it.' })
  acknowledgedBy: string | null;
}

@ObjectType({ description: 'A page of alerts.' })
export class FeedbackAlertConnection extends connection('FeedbackAlert', () => FeedbackAlert) {}

@InputType({ description: 'An alert that somebody has seen.' })
export class AcknowledgeAlertInput {
  @Field(() => ID, { description: 'The alert.' })
  alertId: string;
}

@ObjectType({ description: 'The alert after the change.' })
export class FeedbackAlertPayload {
  @Field(() => FeedbackAlert, { nullable: true, description: 'Null if there are errors.' })
  alert: FeedbackAlert | null;

  @Field(() => [UserError], { description: 'What to put right.' })
  errors: UserError[];
}
