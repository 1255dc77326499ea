import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { decodeCursor, DomainError, pageOf, pageSize } from '@trenza/values';
import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import {
  AbuseFlag,
  AbuseFlagConnection,
  AbuseFlagStatus,
  DecideAbuseFlagInput,
  DecideAbuseFlagPayload,
  FreezeAccountInput,
  FreezeAccountPayload,
} from './abuse.type.ts';
import { freezeAccount } from './freeze-account.ts';

const COLUMNS = 'id, kind, profile_id as "profileId", evidence, status, raised_at as "raisedAt"';

@Resolver()
export class AbuseResolver {
  @Query(() => AbuseFlagConnection, { description: 'What looks like abuse, the newest first.' })
  @Allow({ roles: ['care', 'analyst', 'admin'] })
  async abuseFlags(
    @Arg('status', () => AbuseFlagStatus, {
      defaultValue: AbuseFlagStatus.OPEN,
      description: 'Only those that stand so.',
    })
    status: AbuseFlagStatus,
    @Arg('first', () => Int, { nullable: true, description: 'How many: 20 if you say nothing, 100 at most.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
    @Ctx() ctx: Context,
  ): Promise<AbuseFlagConnection> {
    const size = pageSize(first);
    const [at, id] = decodeCursor<[string, string]>(after) ?? [null, null];
    const rows = await sql<AbuseFlag>(
      ctx.database,
      `select ${COLUMNS} from abuse_flag
        where status = $1 and ($2::timestamptz is null or (raised_at, id) < ($2, $3::uuid))
        order by raised_at desc, id desc limit $4`,
      [status, at, id, size + 1],
    );
    return pageOf(
      rows,
      size,
      (row) => row,
      (row) => [row.raisedAt.toISOString(), row.id],
      at !== null,
    );
  }

  @Mutation(() => DecideAbuseFlagPayload, {
    description: 'Confirms or dismisses a flag. Confirming freezes nothing: freezeAccount does.',
  })
  @Allow({ roles: ['care', 'admin'] })
  decideAbuseFlag(
    @Arg('input', () => DecideAbuseFlagInput) input: DecideAbuseFlagInput,
    @Ctx() ctx: Context,
  ): Promise<DecideAbuseFlagPayload> {
    return mutate(ctx, DecideAbuseFlagPayload, (tx) =>
      once(tx, 'decideAbuseFlag', input, async () => {
        if (input.status === AbuseFlagStatus.OPEN)
          throw new DomainError('INVALID_STATUS', 'A flag is confirmed or dismissed, not opened.', ['input', 'status']);
        const [flag] = await sql<AbuseFlag>(
          tx,
          `update abuse_flag set status = $2, decided_by = $3, decided_at = $4 where id = $1 and status = 'open' returning ${COLUMNS}`,
          [input.flagId, input.status, ctx.caller.subject, ctx.now()],
        );
        if (!flag) throw new DomainError('UNKNOWN_FLAG', `There is no open flag ${input.flagId}.`, ['input', 'flagId']);
        return { flag };
      }),
    );
  }

  @Mutation(() => FreezeAccountPayload, {
    description: 'Freezes a customer, so that nothing can be spent, or thaws her. Every step is kept.',
  })
  @Allow({ roles: ['care', 'admin'] })
  freezeAccount(
    @Arg('input', () => FreezeAccountInput) input: FreezeAccountInput,
    @Ctx() ctx: Context,
  ): Promise<FreezeAccountPayload> {
    const { profileId, frozen, reason } = input;
    return mutate(ctx, FreezeAccountPayload, (tx) =>
      once(tx, 'freezeAccount', input, () =>
        freezeAccount(tx, { profileId, frozen, reason, by: ctx.caller.subject }, ctx),
      ),
    );
  }
}
