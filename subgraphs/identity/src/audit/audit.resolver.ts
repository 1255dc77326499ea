import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { auditLog } from './audit-log.ts';
import { CustomerAuditEntryConnection } from './audit.type.ts';
import { auditRead } from './write-audit.ts';

@Resolver()
export class AuditResolver {
  @Query(() => CustomerAuditEntryConnection, {
    description:
      'Who read or changed the personal data of a customer, the latest first; also of one who was erased. With an actor: what she looked at, whom she looked for and what she changed. With neither: who changed which setting of identity. To look at the log is itself a read that is recorded.',
  })
  @Allow({ roles: ['admin'] })
  async auditLog(
    @Arg('customerId', () => ID, { nullable: true, description: 'Any id she ever had; left out for everybody.' })
    asked: string | null,
    @Arg('actor', () => String, {
      nullable: true,
      description: 'Only what this account did: the subject of its token.',
    })
    actor: string | null,
    @Arg('first', () => Int, { nullable: true, description: '1 to 100; 20 where it is left out.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last one seen.' }) after: string | null,
    @Ctx() ctx: Context,
  ): Promise<CustomerAuditEntryConnection> {
    const customerId = asked ?? null;
    const page = await auditLog(ctx, { customerId, actor: actor ?? null }, { first, after });
    await auditRead(ctx, customerId, ['auditLog']);
    return page;
  }
}
