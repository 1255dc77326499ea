import { z } from 'zod';
import { id, instant } from './envelope.ts';
import { erased, exported } from './privacy.ts';
import { channel } from './shared.ts';

/** What campaign says: intent, decisions, messages, tasks for people. */
export const campaign = {
  'campaign.intent.spiked.v1': z.object({ topic: z.string(), strength: z.number(), baseline: z.number() }),
  'campaign.decision.made.v1': z.object({
    decisionId: id,
    action: z.string(),
    kind: z.enum(['offer', 'content', 'service', 'silence']),
    channel,
    probability: z.number().min(0).max(1),
    reason: z.string(),
  }),
  'campaign.message.sent.v1': z.object({
    messageId: id,
    campaignId: id.nullable().optional(),
    channel,
    purpose: z.enum(['marketing', 'transactional', 'service', 'survey']),
    template: z.string(),
    subject: z.string().max(300).nullable().optional(),
  }),
  'campaign.message.outcome.v1': z.object({
    messageId: id,
    outcome: z.enum(['delivered', 'opened', 'clicked', 'converted', 'bounced', 'complained', 'unsubscribed', 'failed']),
    channel,
  }),
  'campaign.task.created.v1': z.object({
    taskId: id,
    kind: z.string(),
    storeId: id.nullable().optional(),
    assignee: z.string().nullable().optional(),
    reason: z.string(),
    dueAt: instant.nullable().optional(),
    caseId: id.nullable().optional(),
  }),
  'campaign.task.completed.v1': z.object({
    taskId: id,
    kind: z.string(),
    outcome: z.string(),
    storeId: id.nullable().optional(),
    completedBy: z.string(),
    caseId: id.nullable().optional(),
  }),
  'campaign.survey.due.v1': z.object({ surveyId: id, channel, reason: z.string() }),
  'campaign.customer.erased.v1': erased,
  'campaign.customer.exported.v1': exported,
};
