import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { checkBatch, createTextLimits } from '../limits/enforce-limits.ts';
import type { Limits } from '../limits/limits.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { admitOperation } from '../operations/admit-operation.ts';
import type { ClientPolicies } from '../operations/client-policies.ts';
import { readIncoming } from './incoming.ts';

export interface Admitted {
  search: string;
  body: unknown;
}

/** Everything that is decided about a request before its operations are parsed: how many, how often, which, how large. */
export function createAdmission(limits: Limits, rates: RateLimiter, policies: ClientPolicies, log: Logger) {
  const checkText = createTextLimits(limits);

  return (request: FastifyRequest, reply: FastifyReply, context: GatewayContext): Admitted => {
    const incoming = readIncoming(request);
    checkRate(request, reply, context, incoming.operations.length);
    checkBatch(incoming.operations.length, limits);
    const policy = policies.of(context.client);
    const texts = incoming.operations.map((operation) => {
      const admission = admitOperation(policy, operation);
      if (admission.kind === 'text') checkText(admission.text);
      else if (typeof operation.query === 'string') checkText(operation.query);
      if (admission.kind === 'text') return admission.text;
      if (admission.unlisted !== undefined) reportUnlisted(context, admission.unlisted);
      return undefined;
    });
    return incoming.rewrite(texts);
  };

  function checkRate(
    request: FastifyRequest,
    reply: FastifyReply,
    { caller }: GatewayContext,
    operations: number,
  ): void {
    const client = caller.role === 'anonymous' ? request.ip : `${caller.role}:${caller.subject}`;
    const verdict = rates.take(caller.role, client, operations);
    if (!verdict) return;
    const { allowed, limit, remaining, resetSeconds } = verdict;
    void reply.headers({
      'ratelimit-limit': limit,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': resetSeconds,
      ...(!allowed && { 'retry-after': resetSeconds }),
    });
    if (!allowed)
      throw new Refusal('RATE_LIMITED', `Too many operations; try again in ${resetSeconds} s.`, 429, {
        limit,
        retryAfterSeconds: resetSeconds,
      });
  }

  function reportUnlisted({ client, requestId }: GatewayContext, text: string): void {
    const id = createHash('sha256').update(text).digest('hex');
    log.warn({ client, requestId, id }, 'an operation that is not on the list of this client');
  }
}

export type Admission = ReturnType<typeof createAdmission>;
