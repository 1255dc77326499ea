import type { Channel } from '@trenza/events';
import type { MetricName, Responses } from '../surveys/survey.ts';
import type { Theme } from '../understanding/topics.ts';
import type { Attitude } from './attitude.ts';

export interface AnswerRow {
  id: string;
  surveyId: string;
  surveyVersion: number;
  metric: MetricName;
  invitationId: string | null;
  profileId: string | null;
  channel: Channel;
  storeId: string | null;
  associateId: string | null;
  orderId: string | null;
  score: number | null;
  scaleMin: number;
  scaleMax: number;
  attitude: Attitude | null;
  responses: Responses;
  comment: string | null;
  language: string | null;
  sentiment: number | null;
  themes: Theme[];
  complete: boolean;
  imported: boolean;
  source: string;
  occurredAt: Date;
}

export const ANSWER_COLUMNS = `id, survey_id as "surveyId", survey_version as "surveyVersion", metric, invitation_id as "invitationId", profile_id as "profileId",
  channel, store_id as "storeId", associate_id as "associateId", order_id as "orderId", score, scale_min as "scaleMin", scale_max as "scaleMax",
  attitude, responses, comment, language, sentiment, themes, complete, imported, source, occurred_at as "occurredAt"`;
