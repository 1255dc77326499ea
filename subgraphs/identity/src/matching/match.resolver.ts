import { Allow } from '@trenza/auth';
import { one, sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { mutate, type Context } from '@trenza/subgraph';
import { decodeCursor, DomainError, pageOf, pageSize } from '@trenza/values';
import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import { lockCustomers } from '../customers/lock-customers.ts';
import { readReason } from '../identifiers/reason.ts';
import { mergeCustomers } from '../customers/merge-customers.ts';
import { forbidLink } from '../customers/forbid-link.ts';
import {
  DecideMatchInput,
  DecideMatchPayload,
  ForbidLinkInput,
  ForbidLinkPayload,
  MatchDecision,
  MatchReview,
  MatchReviewConnection,
  MatchTraining,
  TrainMatchingPayload,
} from './match.type.ts';

interface Row {
  id: string;
  left_id: string;
  right_id: string;
  probability: number;
  weight: number;
  evidence: MatchReview['evidence'];
  status: string;
  createdAt: Date;
}

const COLUMNS = `c.id, p.customer_id as left_id, q.customer_id as right_id, c.probability, c.weight, c.evidence, c.status, c.created_at as "createdAt"`;
const FROM = `from match_candidate c join profile p on p.id = c.a join profile q on q.id = c.b`;

/** Pairs that were merged on another way are no question any more. */
const OPEN = `
  select ${COLUMNS} ${FROM}
   where c.status = 'open' and p.customer_id <> q.customer_id and ($1::double precision is null or (c.probability, c.id) < ($1, $2::uuid))
   order by c.probability desc, c.id desc limit $3`;

const typeOf = ({ left_id, right_id, ...row }: Row): MatchReview => ({
  ...row,
  left: { id: left_id },
  right: { id: right_id },
});

@Resolver()
export class MatchResolver {
  @Query(() => MatchReviewConnection, {
    description: 'Customers who may be one person and wait for somebody to decide, the likeliest first.',
  })
  @Allow({ roles: ['care', 'admin'] })
  async matchReviews(
    @Arg('first', () => Int, { nullable: true, description: '1 to 100; 20 where it is left out.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last one seen.' }) after: string | null,
    @Ctx() ctx: Context,
  ): Promise<MatchReviewConnection> {
    const size = pageSize(first);
    const from = decodeCursor<[number, string]>(after);
    const rows = await sql<Row>(ctx.database, OPEN, [from?.[0] ?? null, from?.[1] ?? null, size + 1]);
    return pageOf(rows, size, typeOf, (row) => [row.probability, row.id], from !== null);
  }

  @Mutation(() => DecideMatchPayload, {
    description: 'Decides a doubtful match: one person, and they are merged, or two, and nothing links them any more.',
  })
  @Allow({ roles: ['care', 'admin'] })
  decideMatch(
    @Arg('input', () => DecideMatchInput, { description: 'The decision.' }) input: DecideMatchInput,
    @Ctx() ctx: Context,
  ): Promise<DecideMatchPayload> {
    return mutate(ctx, DecideMatchPayload, async (tx) => {
      const reason = readReason(input.reason);
      const row = await openMatch(tx, input.id);
      const by = ctx.caller.subject;
      const accept = input.decision === MatchDecision.ACCEPT;
      if (accept) await mergeCustomers(tx, { into: row.left_id, merge: [row.right_id], reason, by }, ctx);
      else await forbidLink(tx, row.left_id, row.right_id, { by, reason }, ctx.now());
      await sql(
        tx,
        'update match_candidate set status = $2, decided_at = $3, decided_by = $4, reason = $5 where id = $1',
        [input.id, accept ? 'accepted' : 'rejected', ctx.now(), by, reason],
      );
      await auditChange(tx, ctx, `match-${input.decision}`, row.left_id, [], reason);
      return { review: typeOf(await one<Row>(tx, `select ${COLUMNS} ${FROM} where c.id = $1`, [input.id])) };
    });
  }

  @Mutation(() => ForbidLinkPayload, {
    description:
      'Says that two customers are not one person, whatever the evidence: neither identifiers nor matching link them any more. A merge by hand still does.',
  })
  @Allow({ roles: ['care', 'admin'] })
  forbidCustomerLink(
    @Arg('input', () => ForbidLinkInput, { description: 'The two.' }) input: ForbidLinkInput,
    @Ctx() ctx: Context,
  ): Promise<ForbidLinkPayload> {
    return mutate(ctx, ForbidLinkPayload, async (tx) => {
      const reason = readReason(input.reason);
      const [left, right] = await lockCustomers(tx, [input.left, input.right]);
      if (left!.customerId === right!.customerId) {
        throw new DomainError('SAME_CUSTOMER', 'Both ids lead to one customer. Take her apart with unmergeCustomers.', [
          'input',
        ]);
      }
      await forbidLink(tx, left!.customerId, right!.customerId, { by: ctx.caller.subject, reason }, ctx.now());
      for (const { customerId } of [left!, right!])
        await auditChange(tx, ctx, 'forbid-link', customerId, [left!.customerId, right!.customerId], reason);
      return { customers: [{ id: left!.customerId }, { id: right!.customerId }] };
    });
  }

  @Mutation(() => TrainMatchingPayload, {
    description:
      'Learns anew from the customers themselves what agreements are worth, and then compares everybody again, in the background.',
  })
  @Allow({ roles: ['admin', 'service'] })
  trainMatching(@Ctx() ctx: Context): Promise<TrainMatchingPayload> {
    return mutate(ctx, TrainMatchingPayload, async (tx) => ({
      training: await one<MatchTraining>(
        tx,
        `insert into match_training (id, requested_by, requested_at) values ($1, $2, $3) returning id, requested_at as "requestedAt", finished_at as "finishedAt", error`,
        [newId(), ctx.caller.subject, ctx.now()],
      ),
    }));
  }

  @Query(() => [MatchTraining], { description: 'The last ten trainings.' })
  @Allow({ roles: ['admin'] })
  matchTrainings(@Ctx() ctx: Context): Promise<MatchTraining[]> {
    return sql<MatchTraining>(
      ctx.database,
      `select id, requested_at as "requestedAt", finished_at as "finishedAt", error from match_training order by id desc limit 10`,
    );
  }
}

async function openMatch(tx: Tx, id: string): Promise<Row> {
  const [row] = await sql<Row>(tx, `select ${COLUMNS} ${FROM} where c.id = $1 for update of c`, [id]);
  if (!row) throw new DomainError('MATCH_UNKNOWN', `There is no match ${id}.`, ['input', 'id']);
  if (row.status !== 'open')
    throw new DomainError('MATCH_DECIDED', `Match ${id} is ${row.status} already.`, ['input', 'id']);
  return row;
}
