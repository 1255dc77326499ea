import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { type Context, profilesInRequest } from '@trenza/subgraph';
import { decodeCursor, pageOf, pageSize } from '@trenza/values';
import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { ANSWER_COLUMNS, type AnswerRow } from '../answers/answer-row.ts';
import { toAnswer } from '../answers/answer.resolver.ts';
import { SurveyAnswerConnection } from '../answers/answer.type.ts';
import { isLive } from '../cases/case.ts';
import { FeedbackCase } from '../cases/case.type.ts';
import { casesOfCustomers, toCase } from '../cases/read-cases.ts';
import { INVITATION_COLUMNS, type Invitation } from '../invitations/invite.ts';
import { satisfactionOfCustomers } from '../scores/load-satisfaction.ts';
import { CustomerSatisfaction } from '../scores/score.type.ts';
import { SurveyInvitation } from '../surveys/survey.type.ts';
import { Customer } from './entities.ts';

@ArgsType()
class AnswersArgs {
  @Field(() => Int, { nullable: true, description: 'How many, 1 to 100; 20 unless said.' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'The endCursor of the page before.' })
  after?: string;
}

/** What clienteling shows an associate: how happy she is and what she is owed, not what she wrote. */
const SERVING = ['associate', 'care', 'marketer', 'analyst', 'admin', 'service'] as const;
const READING = ['care', 'admin', 'service'] as const;
const herself = (customer: Customer): string => customer.id;

@Resolver(() => Customer)
export class CustomerReference {
  @FieldResolver(() => SurveyAnswerConnection, { description: 'What she answered to surveys, the newest first.' })
  @Allow({ roles: READING, self: herself })
  answers(
    @Root() { id }: Customer,
    @Args(() => AnswersArgs) { first, after }: AnswersArgs,
    @Ctx() ctx: Context,
  ): Promise<SurveyAnswerConnection> {
    return ctx.load(loadAnswers, { id, first: pageSize(first), after: after ?? null });
  }

  @FieldResolver(() => CustomerSatisfaction, { description: 'How happy she is, by what she last said.' })
  @Allow({ roles: SERVING, self: herself })
  async satisfaction(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<CustomerSatisfaction> {
    return Object.assign(new CustomerSatisfaction(), await ctx.load(satisfactionOfCustomers, id));
  }

  @FieldResolver(() => [FeedbackCase], { description: 'Cases in which she is owed an answer, the newest first.' })
  @Allow({ roles: SERVING, self: herself })
  async openCases(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<FeedbackCase[]> {
    return (await ctx.load(casesOfCustomers, id)).filter((row) => isLive(row.status)).map(toCase);
  }

  @FieldResolver(() => [FeedbackCase], { description: 'Her last 50 cases, the newest first.' })
  @Allow({ roles: SERVING, self: herself })
  async cases(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<FeedbackCase[]> {
    return (await ctx.load(casesOfCustomers, id)).map(toCase);
  }

  @FieldResolver(() => [SurveyInvitation], { description: 'What she is asked at the moment, the newest first.' })
  @Allow({ roles: ['associate', 'care', 'admin', 'service'], self: herself })
  async pendingSurveys(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<SurveyInvitation[]> {
    const invitations = await ctx.load(loadPending, id);
    return invitations.map((invitation) => Object.assign(new SurveyInvitation(), invitation));
  }
}

interface AnswersKey {
  id: string;
  first: number;
  after: string | null;
}

/** Pages of answers of many customers in one statement: each may stand elsewhere in her list. */
async function loadAnswers(keys: readonly AnswersKey[], ctx: Context): Promise<SurveyAnswerConnection[]> {
  const profiles = await profilesInRequest(
    ctx,
    keys.map((key) => key.id),
  );
  const cursors = keys.map((key) => decodeCursor<[string, string]>(key.after) ?? ([null, null] as const));
  const rows = await sql<AnswerRow & { n: number }>(ctx.database, {
    name: 'customer-answers',
    text: `
      select hers.n, a.*
        from (select n, array_agg(profile_id) as profiles from unnest($1::int[], $2::uuid[]) as p (n, profile_id) group by n) hers
        join unnest($3::int[], $4::int[], $5::timestamptz[], $6::uuid[]) as page (n, size, at, id) on page.n = hers.n
        cross join lateral (
          select ${ANSWER_COLUMNS} from answer
           where profile_id = any(hers.profiles) and (page.at is null or (occurred_at, answer.id) < (page.at, page.id))
           order by occurred_at desc, answer.id desc limit page.size) a
       order by hers.n, a."occurredAt" desc, a.id desc`,
    values: [
      profiles.flatMap((of, n) => of.map(() => n)),
      profiles.flat(),
      keys.map((_, n) => n),
      keys.map((key) => key.first + 1),
      cursors.map(([at]) => at),
      cursors.map(([, id]) => id),
    ],
  });
  return keys.map((key, n) => {
    const hers = rows.filter((row) => row.n === n);
    return pageOf(hers, key.first, toAnswer, (row) => [row.occurredAt.toISOString(), row.id], key.after !== null);
  });
}

/** Batch loader: open invitations of customers under all their profiles. */
async function loadPending(ids: readonly string[], ctx: Context): Promise<Invitation[][]> {
  const profiles = await profilesInRequest(ctx, ids);
  const rows = await sql<Invitation>(
    ctx.database,
    `select ${INVITATION_COLUMNS} from invitation where profile_id = any($1::uuid[]) and status = 'asked' and expires_at > $2 order by asked_at desc, id desc`,
    [profiles.flat(), ctx.now()],
  );
  return profiles.map((of) => rows.filter((row) => of.includes(row.profileId)));
}
