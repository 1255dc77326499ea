import { Channel, GraphQLDateTimeISO } from '@trenza/values';
import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { FeedbackAttitude } from '../answers/answer.type.ts';
import { Store } from '../customers/entities.ts';
import { SurveyMetric } from '../surveys/survey.type.ts';

export enum FeedbackBucket {
  DAY = 'day',
  WEEK = 'week',
  MONTH = 'month',
}
registerEnumType(FeedbackBucket, { name: 'FeedbackBucket', description: 'How a trend is cut; weeks begin on Monday.' });

export enum SentimentTrend {
  IMPROVING = 'improving',
  STEADY = 'steady',
  WORSENING = 'worsening',
}
registerEnumType(SentimentTrend, {
  name: 'SentimentTrend',
  description: 'The last three texts against the three before.',
});

@ObjectType({ description: 'A figure with the interval in which the true one lies 95 times out of 100.' })
export class FeedbackEstimate {
  @Field(() => Float, { nullable: true, description: 'Null where nobody has answered: that is not zero.' })
  value: number | null;

  @Field(() => Float, { description: 'Lower end of the 95 % interval.' })
  low: number;

  @Field(() => Float, { description: 'Upper end of the 95 % interval.' })
  high: number;

  @Field(() => Int, { description: 'Out of how many.' })
  n: number;
}

@ObjectType({
  description:
    'NPS: −100 to 100. CSAT: per cent who gave 4 or 5. CES: mean from 1 to 7. Custom: mean as per cent of the scale. With the interval in which the true figure lies 95 times out of 100.',
})
export class FeedbackScore extends FeedbackEstimate {
  @Field(() => SurveyMetric, { description: 'What was measured.' })
  metric: SurveyMetric;

  @Field(() => Float, { nullable: true, description: 'Mean of the scores as they were given.' })
  mean: number | null;

  @Field(() => Int, { description: 'How many promoters.' })
  promoters: number;

  @Field(() => Int, { description: 'How many passives.' })
  passives: number;

  @Field(() => Int, { description: 'How many detractors.' })
  detractors: number;

  @Field(() => Int, { description: 'Invitations put in the period.' })
  asked: number;

  @Field(() => Int, { description: 'Of these, answered in whole or in part.' })
  answered: number;

  @Field(() => Int, { description: 'Of these, waved away.' })
  dismissed: number;

  @Field(() => FeedbackEstimate, { description: 'Answered per 100 asked.' })
  responseRate: FeedbackEstimate;
}

@ObjectType({ description: 'A score of one day, week or month.' })
export class FeedbackScorePoint {
  @Field(() => String, { description: 'First day of the bucket, YYYY-MM-DD, in the time zone asked for.' })
  start: string;

  @Field(() => FeedbackScore, { description: 'The score.' })
  score: FeedbackScore;
}

@ObjectType({ description: 'A score of one channel.' })
export class FeedbackScoreOfChannel {
  @Field(() => Channel, { description: 'The channel.' })
  channel: Channel;

  @Field(() => FeedbackScore, { description: 'The score.' })
  score: FeedbackScore;
}

@ObjectType({ description: 'A score of one store.' })
export class FeedbackScoreOfStore {
  @Field(() => Store, { description: 'The store.' })
  store: Store;

  @Field(() => FeedbackScore, { description: 'The score.' })
  score: FeedbackScore;
}

@ObjectType({ description: 'What people speak of in a period, in answers and reviews.' })
export class FeedbackTopic {
  @Field(() => String, { description: 'Stable name, for example delivery.' })
  topic: string;

  @Field(() => Int, { description: 'Texts that speak of it.' })
  mentions: number;

  @Field(() => Float, { description: 'How they feel about it, −1 to 1.' })
  sentiment: number;

  @Field(() => Int, { description: 'Texts that speak of it in the period of the same length before.' })
  mentionsBefore: number;

  @Field(() => Float, { nullable: true, description: 'How they felt about it then.' })
  sentimentBefore: number | null;
}

@ObjectType({ description: 'How happy one customer is, by what she last said under all her profiles.' })
export class CustomerSatisfaction {
  @Field(() => Int, { description: 'Answers and reviews looked at, 50 at most.' })
  opinions: number;

  @Field(() => FeedbackAttitude, { nullable: true, description: 'By her latest score.' })
  attitude: FeedbackAttitude | null;

  @Field(() => Float, { nullable: true, description: 'Her latest answer to an NPS survey, 0 to 10.' })
  latestNps: number | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When she gave it.' })
  latestNpsAt: Date | null;

  @Field(() => Float, { nullable: true, description: 'Mean of her scores and ratings, each as per cent of its scale.' })
  average: number | null;

  @Field(() => Float, { nullable: true, description: 'Mood of her last three texts, −1 to 1.' })
  sentiment: number | null;

  @Field(() => SentimentTrend, { nullable: true, description: 'Whether her mood changes.' })
  sentimentTrend: SentimentTrend | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When she last said anything.' })
  lastSaidAt: Date | null;
}

@ObjectType({ description: 'How happy the customers of a store are.' })
export class StoreSatisfaction {
  @Field(() => FeedbackScore, { description: 'Net promoter score of the period.' })
  nps: FeedbackScore;

  @Field(() => FeedbackScore, { description: 'Customer satisfaction of the period.' })
  csat: FeedbackScore;

  @Field(() => Int, { description: 'Cases that wait for an answer now.' })
  openCases: number;

  @Field(() => Int, { description: 'Of these, not answered in time.' })
  overdueCases: number;

  @Field(() => Int, { description: 'Drops that have not recovered yet.' })
  openAlerts: number;
}
