import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { checkBatch, createTextLimits } from '../limits/enforce-limits.ts';
import type { Limits } from '../limits/limits.ts';
import type { RateLimiter, RateVerdict } from '../limits/rate-limiter.ts';
import { admitOperation, type OperationRequest } from '../operations/admit-operation.ts';
import type { ClientPolicies } from '../operations/client-policies.ts';
import { readIncoming } from './incoming.ts';

export interface Admitted {
  search: string;
  body: unknown;
}

/** Everything that is decided about a request before its operations are parsed: how many, how often, which, how large. */
export function createAdmission(limits: Limits, rates: RateLimiter, policies: ClientPolicies, log: Logger) {
  const checkText = createTextLimits(limits);
  return { request: admitRequest, message: admitMessage };

  function admitRequest(request: FastifyRequest, reply: FastifyReply, context: GatewayContext): Admitted {
    const incoming = readIncoming(request);
    const verdict = rate(context, request.ip, incoming.operations.length);
    if (verdict) void reply.headers(rateHeaders(verdict));
    if (verdict && !verdict.allowed) throw rateRefusal(verdict);
    checkBatch(incoming.operations.length, limits);
    return incoming.rewrite(incoming.operations.map((operation) => admitText(context, operation)));
  }

  /** An operation that comes in a message, not in an HTTP request of its own; returns its text. */
  function admitMessage(context: GatewayContext, operation: OperationRequest, address: string): string {
    const verdict = rate(context, address, 1);
    if (verdict && !verdict.allowed) throw rateRefusal(verdict);
    return admitText(context, operation) ?? textOf(operation);
  }

  /** The text in whose place the request named a persisted one; undefined where it stays as it is. */
  function admitText(context: GatewayContext, operation: OperationRequest): string | undefined {
    const admission = admitOperation(policies.of(context.client), operation);
    const replaced = admission.kind === 'text' ? admission.text : undefined;
    const text = replaced ?? operation.query;
    if (typeof text === 'string') checkText(text);
    if (admission.kind === 'as it is' && admission.unlisted !== undefined) reportUnlisted(context, admission.unlisted);
    return replaced;
  }

  function rate({ caller }: GatewayContext, address: string, operations: number): RateVerdict | null {
    const client = caller.role === 'anonymous' ? address : `${caller.role}:${caller.subject}`;
    return rates.take(caller.role, client, operations);
  }

  function reportUnlisted({ client, requestId }: GatewayContext, text: string): void {
    const id = createHash('sha256').update(text).digest('hex');
    log.warn(
      { client: { name: plain(client.name), version: plain(client.version) }, requestId, id },
      'an operation that is not on the list of this client',
    );
  }
}

/** A client may call itself anything; what does not look like the name of a program is not written down. */
const plain = (name: string | undefined): string | undefined =>
  name === undefined || /^[A-Za-z][\w.-]{0,63}$|^\d{1,4}(\.\d{1,4}){0,3}$/.test(name) ? name : 'unnamable';

const rateHeaders = ({ allowed, limit, remaining, resetSeconds }: RateVerdict): Record<string, number> => ({
  'ratelimit-limit': limit,
  'ratelimit-remaining': remaining,
  'ratelimit-reset': resetSeconds,
  ...(!allowed && { 'retry-after': resetSeconds }),
});

const rateRefusal = ({ limit, resetSeconds }: RateVerdict): Refusal =>
  new Refusal('RATE_LIMITED', `Too many operations; try again in ${resetSeconds} s.`, 429, {
    limit,
    retryAfterSeconds: resetSeconds,
  });

function textOf({ query }: OperationRequest): string {
  if (typeof query === 'string' && query !== '') return query;
  throw new Refusal('BAD_REQUEST', 'Send the text of the operation.', 400);
}

export type Admission = ReturnType<typeof createAdmission>;
