import { sql } from '@trenza/database';
import { type Context, isSameCustomer } from '@trenza/subgraph';
import { GraphQLError } from 'graphql';

/** An answer with a name is completed by its customer, or by staff; an anonymous one by whoever knows its id, which nobody can guess. */
export async function mayGoOn(ctx: Context, answerId: string | null | undefined): Promise<void> {
  if (!answerId) return;
  const [row] = await sql<{ profile_id: string | null }>(ctx.database, 'select profile_id from answer where id = $1', [
    answerId,
  ]);
  if (!row?.profile_id || ['service', 'care', 'associate', 'admin'].includes(ctx.caller.role)) return;
  const { profileId } = ctx.caller;
  if (profileId && (await isSameCustomer(ctx, row.profile_id, profileId))) return;
  throw new GraphQLError(`Answer ${answerId} belongs to somebody else.`, { extensions: { code: 'FORBIDDEN' } });
}
