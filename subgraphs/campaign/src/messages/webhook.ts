import type { Delivery, Outgoing } from './delivery.ts';

const TIMEOUT_MS = 10_000;

/**
 * Text messages and push go through whatever gateway the retailer has: one POST with JSON per message. The message id is the idempotency key,
 * so a gateway that honours it delivers once however often it is asked.
 */
export async function postWebhook(message: Outgoing, url: string): Promise<Delivery> {
  const { messageId, channel, address, subject, body } = message;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': messageId },
      body: JSON.stringify({ messageId, channel, to: address, subject, body }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return { kind: 'sent', providerId: response.headers.get('x-message-id') ?? messageId };
    const retry = response.status >= 500 || response.status === 429;
    return {
      kind: 'refused',
      retry,
      bounced: response.status === 410,
      reason: `The gateway for ${channel} answered ${response.status}.`,
    };
  } catch (error) {
    // Repeating is safe here, because the gateway knows the message by its idempotency key.
    return {
      kind: 'refused',
      retry: true,
      bounced: false,
      reason: `The gateway for ${channel} could not be reached (${(error as Error).name}).`,
    };
  }
}
