import { z } from 'zod';
import { id, instant } from './envelope.ts';
import { erased, exported } from './privacy.ts';
import { channel } from './shared.ts';

/** What feedback says: invitations, answers, reviews, cases, alerts. Free text stays at home; events carry what was understood of it. */
export const feedback = {
  'feedback.survey.invited.v1': z.object({
    invitationId: id,
    surveyId: id,
    channel,
    orderId: id.nullable().optional(),
    storeId: id.nullable().optional(),
    /** Answers this invitation, without signing in: it goes into the link or the QR code. */
    token: z.string().max(100).optional(),
    expiresAt: instant.optional(),
  }),
  'feedback.answer.submitted.v1': z.object({
    answerId: id,
    surveyId: id,
    metric: z.enum(['nps', 'csat', 'ces', 'custom']),
    score: z.number().nullable(),
    scaleMax: z.number().default(10),
    /** NPS: 9–10 promoter, 7–8 passive, 0–6 detractor. Other metrics by the same thirds of their scale. */
    attitude: z.enum(['promoter', 'passive', 'detractor']).nullable(),
    sentiment: z.number().min(-1).max(1).nullable(),
    topics: z.array(z.string()).default([]),
    channel,
    storeId: id.nullable().optional(),
    associateId: z.string().max(100).nullable().optional(),
    orderId: id.nullable().optional(),
    /** A partial answer is said as well, and said again (same `answerId`) when it is completed. */
    complete: z.boolean(),
    /** History: changes the numbers, opens no case and earns nothing. */
    imported: z.boolean().default(false),
  }),
  'feedback.review.received.v1': z.object({
    reviewId: id,
    source: z.string(),
    rating: z.number().min(1).max(5).nullable(),
    sentiment: z.number().min(-1).max(1).nullable(),
    topics: z.array(z.string()).default([]),
    productId: id.nullable().optional(),
    orderId: id.nullable().optional(),
    approved: z.boolean(),
    imported: z.boolean().default(false),
  }),
  'feedback.case.opened.v1': z.object({
    caseId: id,
    answerId: id.nullable().optional(),
    reviewId: id.nullable().optional(),
    storeId: id.nullable().optional(),
    reason: z.string(),
    severity: z.enum(['low', 'medium', 'high']),
    dueAt: instant,
  }),
  'feedback.case.changed.v1': z.object({
    caseId: id,
    status: z.enum(['open', 'in-progress', 'resolved', 'closed']),
    storeId: id.nullable().optional(),
    rootCause: z.string().nullable().optional(),
    severity: z.enum(['low', 'medium', 'high']).optional(),
    /** How often it was escalated because nobody had seen to it in time. */
    escalations: z.int().nonnegative().optional(),
  }),
  'feedback.alert.raised.v1': z.object({
    alertId: id,
    metric: z.string(),
    scope: z.string(),
    scopeId: z.string(),
    value: z.number(),
    baseline: z.number(),
  }),
  'feedback.customer.erased.v1': erased,
  'feedback.customer.exported.v1': exported,
};
