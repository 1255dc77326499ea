import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { PRODUCERS } from '@trenza/events';
import { isSameCustomer, mutate, type Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import { readIdentifiers } from '../identifiers/identifier.ts';
import { readReason } from '../identifiers/reason.ts';
import { warningsOf } from '../ingest/observation.ts';
import { liftErasure, requestErasure, type PrivacyCommand } from './erase-customer.ts';
import { requestExport } from './export-customer.ts';
import {
  LiftErasureInput,
  LiftErasurePayload,
  PrivacyRequest,
  PrivacyRequestInput,
  PrivacyRequestPayload,
} from './privacy.type.ts';
import type { Tx } from '@trenza/database';
import { DEFAULT_COUNTRY } from '../identifiers/normalise.ts';

type About = { input: PrivacyRequestInput };
type UseCase = (tx: Tx, command: PrivacyCommand, deps: Context) => Promise<string>;

@Resolver()
export class PrivacyResolver {
  @Mutation(() => PrivacyRequestPayload, {
    description:
      'Forgets a customer in all parts of the platform. It cannot be undone; each part answers with a receipt, and no import brings her back.',
  })
  @Allow({ roles: ['care', 'admin', 'service'], self: (_: unknown, { input }: About) => input.customerId })
  requestErasure(
    @Arg('input', () => PrivacyRequestInput, { description: 'Whom to forget.' }) input: PrivacyRequestInput,
    @Ctx() ctx: Context,
  ): Promise<PrivacyRequestPayload> {
    return take('erase', requestErasure, input, ctx);
  }

  @Mutation(() => PrivacyRequestPayload, {
    description: 'Collects everything that all parts of the platform hold on a customer, as one document.',
  })
  @Allow({ roles: ['care', 'admin', 'service'], self: (_: unknown, { input }: About) => input.customerId })
  requestExport(
    @Arg('input', () => PrivacyRequestInput, { description: 'Whose data.' }) input: PrivacyRequestInput,
    @Ctx() ctx: Context,
  ): Promise<PrivacyRequestPayload> {
    return take('export', requestExport, input, ctx);
  }

  @Mutation(() => LiftErasurePayload, {
    description: 'Lets identifiers of an erased customer be stored again, because she came back and asked for it.',
  })
  @Allow({ roles: ['care', 'admin', 'service'] })
  liftErasure(
    @Arg('input', () => LiftErasureInput, { description: 'Which identifiers.' }) input: LiftErasureInput,
    @Ctx() ctx: Context,
  ): Promise<LiftErasurePayload> {
    return mutate(ctx, LiftErasurePayload, async (tx) => {
      const reason = readReason(input.reason);
      const { identifiers, refused } = readIdentifiers(input.identifiers, DEFAULT_COUNTRY);
      if (refused.length > 0)
        throw new DomainError('INVALID_IDENTIFIER', warningsOf(refused).join(' '), ['input', 'identifiers']);
      const lifted = await liftErasure(tx, identifiers);
      const types = identifiers.map(({ type }) => type);
      await auditChange(tx, ctx, 'lift-erasure', null, types, reason);
      return { lifted };
    });
  }

  @Query(() => PrivacyRequest, {
    nullable: true,
    description:
      'How far a request has come, with the receipts and, of an export, the document. A customer sees her own.',
  })
  @Allow({ roles: ['care', 'admin', 'service', 'customer'] })
  async privacyRequest(
    @Arg('id', () => ID, { description: 'The id of the request.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<PrivacyRequest | null> {
    const request = await find(ctx, id);
    if (
      request &&
      ctx.caller.role === 'customer' &&
      !(await isSameCustomer(ctx, request.customerId, ctx.caller.profileId!))
    )
      return null;
    return request;
  }
}

const take = async (
  action: string,
  useCase: UseCase,
  { customerId, reason: given }: PrivacyRequestInput,
  ctx: Context,
): Promise<PrivacyRequestPayload> => {
  let id = '';
  const payload = await mutate(ctx, PrivacyRequestPayload, async (tx) => {
    const reason = readReason(given);
    id = await useCase(tx, { customerId, reason, by: ctx.caller.subject }, ctx);
    await auditChange(tx, ctx, action, customerId.toLowerCase(), [], reason);
    return {};
  });
  if (payload.errors.length === 0) payload.request = await find(ctx, id);
  return payload;
};

type Row = Omit<PrivacyRequest, 'missing' | 'document' | 'receipts'> & {
  receipts: (PrivacyRequest['receipts'][number] & { document: unknown })[];
};

const REQUEST = `
  select id, kind, customer_id as "customerId", profile_ids as "profileIds", requested_at as "requestedAt", completed_at as "completedAt"
    from privacy_request where id = $1`;
const RECEIPTS = `
  select subgraph, received_at as "receivedAt", removed, anonymised, document from privacy_receipt where request_id = $1 order by received_at, subgraph`;

async function find(ctx: Context, id: string): Promise<PrivacyRequest | null> {
  const [request] = await sql<Row>(ctx.database, REQUEST, [id]);
  if (!request) return null;
  const receipts = await sql<Row['receipts'][number]>(ctx.database, RECEIPTS, [id]);
  const answered = new Set(receipts.map((r) => r.subgraph));
  const document = request.kind === 'export' ? Object.fromEntries(receipts.map((r) => [r.subgraph, r.document])) : null;
  return { ...request, receipts, missing: PRODUCERS.filter((name) => !answered.has(name)), document };
}
