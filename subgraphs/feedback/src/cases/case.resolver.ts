import { Allow } from '@trenza/auth';
import { resolveCustomers } from '@trenza/customers';
import type { Tx } from '@trenza/database';

import { type Context, mutate, once } from '@trenza/subgraph';
import { DomainError, GraphQLDateTimeISO } from '@trenza/values';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { checkStore, periodOf } from '../acting.ts';
import { Customer, customerRef } from '../customers/entities.ts';
import { MAX_COMMENT } from '../surveys/survey.ts';
import { type CaseNote, notesOf, writeNote } from './case-notes.ts';
import type { CaseRow } from './case-row.ts';
import {
  AssignCaseInput,
  CaseRootCause,
  CaseSeverity,
  FeedbackCase,
  FeedbackCaseConnection,
  FeedbackCaseNote,
  FeedbackCasePayload,
  FeedbackCaseStatus,
  MoveCaseInput,
  NoteCaseInput,
  OpenCaseInput,
  ResolveCaseInput,
} from './case.type.ts';
import { assignCase, moveCase, needCase, noteCase, resolveCase } from './change-case.ts';
import { openCase } from './open-case.ts';
import { findCase, listCases, rootCauses, toCase } from './read-cases.ts';

@ArgsType()
class FeedbackCasesArgs {
  @Field(() => ID, { nullable: true, description: 'Of this store; an associate has to name one of hers.' })
  storeId?: string;

  @Field(() => [FeedbackCaseStatus], { nullable: true, description: 'In one of these states.' })
  statuses?: FeedbackCaseStatus[];

  @Field(() => CaseSeverity, { nullable: true, description: 'Of this severity.' })
  severity?: CaseSeverity;

  @Field(() => String, { nullable: true, description: 'Seen to by this colleague.' })
  owner?: string;

  @Field(() => Boolean, { nullable: true, description: 'Those (not) answered in time.' })
  overdue?: boolean;

  @Field(() => Int, { nullable: true, description: 'How many, 1 to 100; 20 unless said.' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'The endCursor of the page before.' })
  after?: string;
}

@ArgsType()
class RootCausesArgs {
  @Field(() => ID, { nullable: true, description: 'Of this store.' })
  storeId?: string;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Opened from here on; 90 days before the end unless said.',
  })
  from?: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Opened before; now unless said.' })
  to?: Date;
}

const ROOT_CAUSE_DAYS = 90;
const WORKERS = ['associate', 'care', 'service', 'admin'] as const;
const READERS = ['care', 'analyst', 'service', 'admin'] as const;
const MAX_WORDS = 200;

@Resolver(() => FeedbackCase)
export class CaseResolver {
  @Query(() => FeedbackCase, { nullable: true, description: 'One case.' })
  @Allow({ roles: ['associate', ...READERS] })
  async feedbackCase(
    @Arg('id', () => ID, { description: 'The case.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<FeedbackCase | null> {
    const row = await findCase(ctx.database, id);
    if (row) checkStore(ctx.caller, row.storeId);
    return row && toCase(row);
  }

  @Query(() => FeedbackCaseConnection, { description: 'Cases, the newest first.' })
  @Allow({ roles: READERS, store: (_: unknown, args: { storeId?: string }) => args.storeId })
  feedbackCases(
    @Args(() => FeedbackCasesArgs) { first, after, ...filter }: FeedbackCasesArgs,
    @Ctx() ctx: Context,
  ): Promise<FeedbackCaseConnection> {
    return listCases(ctx.database, filter, { first, after }, ctx.now());
  }

  @Query(() => [CaseRootCause], {
    description: 'Why customers were unhappy, the most frequent cause first, and how many were won back.',
  })
  @Allow({ roles: ['marketer', ...READERS], store: (_: unknown, args: { storeId?: string }) => args.storeId })
  caseRootCauses(@Args(() => RootCausesArgs) args: RootCausesArgs, @Ctx() ctx: Context): Promise<CaseRootCause[]> {
    return rootCauses(ctx.database, { storeId: args.storeId, ...periodOf(args, ctx.now(), ROOT_CAUSE_DAYS) });
  }

  @Mutation(() => FeedbackCasePayload, { description: 'Open a case by hand.' })
  @Allow({ roles: WORKERS })
  openCase(@Arg('input', () => OpenCaseInput) input: OpenCaseInput, @Ctx() ctx: Context): Promise<FeedbackCasePayload> {
    checkStore(ctx.caller, input.storeId);
    const { reason, severity, channel, profileId = null, storeId = null, orderId = null, note } = input;
    return mutate(ctx, FeedbackCasePayload, async (tx) => {
      checkWords('reason', reason, MAX_WORDS);
      const { id } = await once(tx, 'openCase', input, async () => {
        const row = await openCase(
          tx,
          { profileId, storeId, orderId, channel, reason, severity, openedBy: ctx.caller.subject },
          ctx.now(),
        );
        if (note)
          await writeNote(tx, { caseId: row!.id, author: ctx.caller.subject, kind: 'note', text: note }, ctx.now());
        return { id: row!.id };
      });
      return { case: toCase(await needCase(tx, id)) };
    });
  }

  @Mutation(() => FeedbackCasePayload, { description: 'Say who sees to a case.' })
  @Allow({ roles: WORKERS })
  assignCase(
    @Arg('input', () => AssignCaseInput) { caseId, owner }: AssignCaseInput,
    @Ctx() ctx: Context,
  ): Promise<FeedbackCasePayload> {
    return work(ctx, caseId, (tx) =>
      assignCase(tx, caseId, owner ?? ctx.caller.subject, ctx.caller.subject, ctx.now()),
    );
  }

  @Mutation(() => FeedbackCasePayload, { description: 'Leave a note for whoever takes the case over.' })
  @Allow({ roles: WORKERS })
  noteCase(
    @Arg('input', () => NoteCaseInput) { caseId, text }: NoteCaseInput,
    @Ctx() ctx: Context,
  ): Promise<FeedbackCasePayload> {
    return work(ctx, caseId, (tx) => {
      checkWords('text', text, MAX_COMMENT);
      return noteCase(tx, caseId, text, ctx.caller.subject, ctx.now());
    });
  }

  @Mutation(() => FeedbackCasePayload, { description: 'Take a case up, close it, or open it again.' })
  @Allow({ roles: WORKERS })
  moveCase(
    @Arg('input', () => MoveCaseInput) { caseId, status }: MoveCaseInput,
    @Ctx() ctx: Context,
  ): Promise<FeedbackCasePayload> {
    return work(ctx, caseId, (tx) => {
      if (status === FeedbackCaseStatus.RESOLVED)
        throw new DomainError('ROOT_CAUSE_MISSING', 'Resolving needs a root cause: use resolveCase.', [
          'input',
          'status',
        ]);
      return moveCase(tx, caseId, status, ctx.caller.subject, ctx.now());
    });
  }

  @Mutation(() => FeedbackCasePayload, {
    description: 'Say that it is put right, and why it had happened. She is asked whether it is.',
  })
  @Allow({ roles: WORKERS })
  resolveCase(
    @Arg('input', () => ResolveCaseInput) { caseId, rootCause, note }: ResolveCaseInput,
    @Ctx() ctx: Context,
  ): Promise<FeedbackCasePayload> {
    return work(ctx, caseId, (tx) => {
      checkWords('rootCause', rootCause, MAX_WORDS);
      return resolveCase(
        tx,
        { caseId, rootCause: rootCause.trim().toLowerCase(), note: note ?? null, by: ctx.caller.subject },
        ctx.now(),
      );
    });
  }

  @FieldResolver(() => [FeedbackCaseNote], { description: 'What happened to it, the oldest first.' })
  @Allow({ roles: ['associate', ...READERS] })
  notes(@Root() { id }: FeedbackCase, @Ctx() ctx: Context): Promise<CaseNote[]> {
    return ctx.load(notesOf, id);
  }

  @FieldResolver(() => Customer, {
    nullable: true,
    description: 'Who is owed an answer; unknown if the answer was anonymous.',
  })
  async customer(@Root() { profileId }: FeedbackCase, @Ctx() ctx: Context): Promise<Customer | null> {
    return profileId === null ? null : customerRef(await ctx.load(currentCustomers, profileId));
  }
}

const currentCustomers = (ids: readonly string[], { database }: Context): Promise<string[]> =>
  resolveCustomers(database, ids);

/** A change by somebody who may act for the case's store. */
function work(ctx: Context, caseId: string, change: (tx: Tx) => Promise<CaseRow>): Promise<FeedbackCasePayload> {
  return mutate(ctx, FeedbackCasePayload, async (tx) => {
    checkStore(ctx.caller, (await needCase(tx, caseId)).storeId);
    return { case: toCase(await change(tx)) };
  });
}

function checkWords(field: string, text: string, max: number): void {
  if (text.trim() === '' || text.length > max)
    throw new DomainError('TEXT_LENGTH', `${field} takes 1 to ${max} characters, not ${text.length}.`, [
      'input',
      field,
    ]);
}
