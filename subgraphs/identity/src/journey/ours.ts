/** What we do without her: it belongs to her journey, but she was not seen by it, and it says nothing of where she is on her way. */
export const OURS: readonly string[] = [
  'message_sent',
  'message_delivered',
  'message_bounced',
  'message_failed',
  'survey_invited',
  'cart_abandoned',
  'points_expired',
  'points_reversed',
  'tier_changed',
  'reward_issued',
  'intent_spiked',
  'task_created',
  'case_changed',
  'promise_broken',
];
