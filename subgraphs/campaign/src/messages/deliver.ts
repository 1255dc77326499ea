import type { Deliver } from './delivery.ts';
import { sendMail } from './smtp.ts';
import { postWebhook } from './webhook.ts';

const GATEWAYS: Record<string, string> = {
  sms: 'SMS_WEBHOOK_URL',
  push: 'PUSH_WEBHOOK_URL',
  social: 'SOCIAL_WEBHOOK_URL',
};

/** Hands a message to whoever delivers in its channel. */
export const deliver: Deliver = (message) => {
  if (message.channel === 'email') return sendMail(message);
  const variable = GATEWAYS[message.channel];
  const url = variable && process.env[variable];
  if (url) return postWebhook(message, url);
  const remedy = variable ? `Set ${variable} and retry the message.` : 'Use another channel.';
  return Promise.resolve({
    kind: 'not-configured',
    reason: `No gateway is configured for ${message.channel}. ${remedy}`,
  });
};
