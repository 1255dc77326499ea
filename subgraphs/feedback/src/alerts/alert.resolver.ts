import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { type Context, mutate } from '@trenza/subgraph';
import { decodeCursor, DomainError, pageOf, pageSize } from '@trenza/values';
import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { toChannel } from '../acting.ts';
import { storeRef } from '../customers/entities.ts';
import { AcknowledgeAlertInput, FeedbackAlert, FeedbackAlertConnection, FeedbackAlertPayload } from './alert.type.ts';

interface AlertRow extends Omit<FeedbackAlert, 'store' | 'channel'> {
  scope: 'store' | 'channel';
  scopeId: string;
}

const COLUMNS = `id, metric, scope, scope_id as "scopeId", value, baseline, answers, standard_errors as "standardErrors", raised_at as "raisedAt",
  recovered_at as "recoveredAt", acknowledged_by as "acknowledgedBy"`;

const toAlert = ({ scope, scopeId, ...row }: AlertRow): FeedbackAlert =>
  Object.assign(new FeedbackAlert(), row, {
    store: scope === 'store' ? storeRef(scopeId) : null,
    channel: scope === 'channel' ? toChannel(scopeId) : null,
  });

@ArgsType()
class AlertArgs {
  @Field(() => ID, { nullable: true, description: 'Of this store; an associate has to name one of hers.' })
  storeId?: string;

  @Field(() => Boolean, { nullable: true, description: 'True: only those that have not recovered.' })
  open?: boolean;

  @Field(() => Int, { nullable: true, description: 'How many, 1 to 100; 20 unless said.' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'The endCursor of the page before.' })
  after?: string;
}

@Resolver()
export class AlertResolver {
  @Query(() => FeedbackAlertConnection, { description: 'Drops of stores and channels, the newest first.' })
  @Allow({
    roles: ['marketer', 'care', 'analyst', 'admin', 'service'],
    store: (_: unknown, args: { storeId?: string }) => args.storeId,
  })
  async feedbackAlerts(
    @Args(() => AlertArgs) { storeId, open, first, after }: AlertArgs,
    @Ctx() ctx: Context,
  ): Promise<FeedbackAlertConnection> {
    const size = pageSize(first);
    const [at, id] = decodeCursor<[string, string]>(after) ?? [null, null];
    const rows = await sql<AlertRow>(
      ctx.database,
      `select ${COLUMNS} from alert
        where ($1::text is null or (scope = 'store' and scope_id = $1)) and ($2::boolean is null or (recovered_at is null) = $2)
          and ($3::timestamptz is null or (raised_at, id) < ($3, $4::uuid))
        order by raised_at desc, id desc limit $5`,
      [storeId ?? null, open ?? null, at, id, size + 1],
    );
    return pageOf(rows, size, toAlert, (row) => [row.raisedAt.toISOString(), row.id], at !== null);
  }

  @Mutation(() => FeedbackAlertPayload, {
    description: 'Say that you have seen an alert; the first to do so is remembered.',
  })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin'] })
  acknowledgeAlert(
    @Arg('input', () => AcknowledgeAlertInput) { alertId }: AcknowledgeAlertInput,
    @Ctx() ctx: Context,
  ): Promise<FeedbackAlertPayload> {
    return mutate(ctx, FeedbackAlertPayload, async (tx) => {
      const [row] = await sql<AlertRow>(
        tx,
        `update alert set acknowledged_by = coalesce(acknowledged_by, $2), acknowledged_at = coalesce(acknowledged_at, $3) where id = $1 returning ${COLUMNS}`,
        [alertId, ctx.caller.subject, ctx.now()],
      );
      if (!row) throw new DomainError('ALERT_NOT_FOUND', `There is no alert ${alertId}.`, ['input', 'alertId']);
      return { alert: toAlert(row) };
    });
  }
}

/** Batch loader: drops of stores that have not recovered. */
export async function openAlertsOfStores(
  ids: readonly string[],
  { database }: Pick<Context, 'database'>,
): Promise<number[]> {
  const rows = await sql<{ id: string; n: number }>(
    database,
    `select scope_id as id, count(*) as n from alert where scope = 'store' and scope_id = any($1::text[]) and recovered_at is null group by 1`,
    [ids],
  );
  const byStore = new Map(rows.map((row) => [row.id, row.n]));
  return ids.map((id) => byStore.get(id) ?? 0);
}
