import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { mutate, type Context } from '@trenza/subgraph';
import { Arg, Ctx, FieldResolver, Float, Mutation, Query, Resolver, Root } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import { Customer } from '../customers/customer.type.ts';
import { loadCustomers } from '../customers/load.ts';
import { completenessOf, nextQuestion, type Asked, type Question } from './next-question.ts';
import {
  ProfileQuestion,
  RecordProfileQuestionInput,
  RecordProfileQuestionPayload,
  SetProfileQuestionInput,
  SetProfileQuestionPayload,
} from './question.type.ts';
import { activeQuestions, heldFields, recordAsked } from './questions.ts';
import { setQuestion } from './set-question.ts';

const READERS = ['associate', 'marketer', 'care', 'analyst', 'admin', 'service'] as const;
const customerOf = (_: unknown, { input }: { input: RecordProfileQuestionInput }): string => input.customerId;
const herself = ({ id }: { id: string }): string => id;

@Resolver(() => Customer)
export class ProgressiveProfileResolver {
  @FieldResolver(() => ProfileQuestion, {
    nullable: true,
    description:
      'The one question whose answer would help her most now. Never one she refused or was asked in the last 30 days; null where there is none.',
  })
  @Allow({ roles: ['associate', 'marketer', 'care', 'admin', 'service'], self: herself })
  async nextQuestion(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<ProfileQuestion | null> {
    const [questions, held, asked] = await Promise.all([
      ctx.load(loadQuestions, 'active'),
      ctx.load(loadHeld, id),
      ctx.load(loadAsked, id),
    ]);
    const next = nextQuestion(questions, held, asked, ctx.now());
    return next && typeOf(next);
  }

  @FieldResolver(() => Float, {
    description: 'How much of what we would like to know of her is known, weighted by its worth: 0 to 1.',
  })
  @Allow({ roles: [...READERS], self: herself })
  async completeness(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<number> {
    const [questions, held] = await Promise.all([ctx.load(loadQuestions, 'active'), ctx.load(loadHeld, id)]);
    return completenessOf(questions, held);
  }

  @Query(() => [ProfileQuestion], { description: 'Everything that customers are asked, the most useful first.' })
  @Allow({ roles: [...READERS] })
  async profileQuestions(@Ctx() ctx: Context): Promise<ProfileQuestion[]> {
    return (await activeQuestions(ctx.database)).map(typeOf);
  }

  @Mutation(() => RecordProfileQuestionPayload, {
    description:
      'Says that she was asked something, or that she would not answer it. The answer itself comes with `identify`; it then counts as a completed profile.',
  })
  @Allow({
    roles: ['service', 'care', 'admin'],
    self: customerOf,
    served: customerOf,
  })
  recordProfileQuestion(
    @Arg('input', () => RecordProfileQuestionInput, { description: 'What she was asked.' })
    input: RecordProfileQuestionInput,
    @Ctx() ctx: Context,
  ): Promise<RecordProfileQuestionPayload> {
    return mutate(ctx, RecordProfileQuestionPayload, async (tx) => {
      const id = await recordAsked(tx, input, ctx.now());
      await auditChange(tx, ctx, input.refused ? 'question-refused' : 'question-asked', id, [input.field]);
      return { customer: { id } };
    });
  }

  @Mutation(() => SetProfileQuestionPayload, {
    description: 'Adds a question for everybody, changes one or, with `active: false`, stops asking it.',
  })
  @Allow({ roles: ['admin'] })
  setProfileQuestion(
    @Arg('input', () => SetProfileQuestionInput, { description: 'The question.' }) input: SetProfileQuestionInput,
    @Ctx() ctx: Context,
  ): Promise<SetProfileQuestionPayload> {
    return mutate(ctx, SetProfileQuestionPayload, async (tx) => {
      await setQuestion(tx, input);
      await auditChange(tx, ctx, 'set-profile-question', null, [input.field]);
      return { questions: (await activeQuestions(tx)).map(typeOf) };
    });
  }
}

const typeOf = ({ field, reason, value, es, en, pt }: Question): ProfileQuestion => ({
  field,
  wordingKey: `question.${field}`,
  wording: { es, en, pt },
  reason,
  value,
});

/** The list is the same for all customers of a request: one read. */
async function loadQuestions(keys: readonly 'active'[], ctx: Context): Promise<Question[][]> {
  const questions = await activeQuestions(ctx.database);
  return keys.map(() => questions);
}

async function loadHeld(ids: readonly string[], ctx: Context): Promise<Set<string>[]> {
  const customers = await Promise.all(ids.map((id) => ctx.load(loadCustomers, id)));
  const held = await heldFields(
    ctx.database,
    customers.flatMap((c) => c?.customerId ?? []),
  );
  return customers.map((c) => (c && held.get(c.customerId)) ?? new Set<string>());
}

const ASKED = `
  select profile_id as "profileId", field, asked_at as "askedAt", refused_at as "refusedAt"
    from asked_question where profile_id = any($1::uuid[])`;

async function loadAsked(ids: readonly string[], ctx: Context): Promise<Asked[][]> {
  const customers = await Promise.all(ids.map((id) => ctx.load(loadCustomers, id)));
  const profileIds = customers.flatMap((c) => c?.profileIds ?? []);
  const rows = Map.groupBy(
    await sql<Asked & { profileId: string }>(ctx.database, ASKED, [profileIds]),
    (row) => row.profileId,
  );
  return customers.map((c) => (c?.profileIds ?? []).flatMap((id) => rows.get(id) ?? []));
}
