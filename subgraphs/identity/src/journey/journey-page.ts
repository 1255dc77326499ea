import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { decodeCursor, DomainError, encodeCursor, pageSize, type Connection } from '@trenza/values';

export interface TouchpointRow {
  id: string;
  profileId: string;
  occurredAt: Date;
  kind: string;
  channel: string;
  subgraph: string;
  storeId: string | null;
  productId: string | null;
  subjectId: string | null;
  category: string | null;
  amount: number | null;
  currency: string | null;
  score: number | null;
  details: Record<string, unknown>;
}

export const TOUCHPOINT_COLUMNS = `id, profile_id as "profileId", occurred_at as "occurredAt", kind, channel, subgraph, store_id as "storeId",
  product_id as "productId", subject_id as "subjectId", category, amount, currency, score, details`;

export interface JourneyArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  channels?: readonly string[] | null;
  kinds?: readonly string[] | null;
}

const pageSql = (descending: boolean): string => `
  select ${TOUCHPOINT_COLUMNS} from touchpoint
   where profile_id = any($1::uuid[])
     and ($2::timestamptz is null or (occurred_at, id) > ($2, $3::uuid))
     and ($4::timestamptz is null or (occurred_at, id) < ($4, $5::uuid))
     and ($6::text[] is null or channel = any($6)) and ($7::text[] is null or kind = any($7))
   order by occurred_at ${descending ? 'desc' : 'asc'}, id ${descending ? 'desc' : 'asc'}
   limit $8`;

/**
 * A page of the timeline, always in the order in which things happened: the first ones after a cursor or the last ones before one.
 * Without either, the latest.
 */
export async function journeyPage(
  ctx: Context,
  profileIds: readonly string[],
  args: JourneyArgs,
): Promise<Connection<TouchpointRow>> {
  const [asksFirst, asksLast] = [isGiven(args.first), isGiven(args.last)];
  if (asksFirst && asksLast) {
    throw new DomainError('FIRST_AND_LAST', 'Ask for the first or for the last touchpoints, not for both.', ['last']);
  }
  const forward = asksFirst || (Boolean(args.after) && !asksLast);
  const size = pageSize(forward ? args.first : args.last);
  const after = decodeCursor<[string, string]>(args.after, 'after');
  const before = decodeCursor<[string, string]>(args.before, 'before');
  const rows = await sql<TouchpointRow>(ctx.database, {
    name: forward ? 'identity-journey-first' : 'identity-journey-last',
    text: pageSql(!forward),
    values: [
      profileIds,
      after?.[0],
      after?.[1],
      before?.[0],
      before?.[1],
      args.channels ?? null,
      args.kinds ?? null,
      size + 1,
    ],
  });
  const more = rows.length > size;
  const page = forward ? rows.slice(0, size) : rows.slice(0, size).toReversed();
  const edges = page.map((node) => ({ cursor: encodeCursor([node.occurredAt, node.id]), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: forward ? more : before !== null,
      hasPreviousPage: forward ? after !== null : more,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

const isGiven = (size: number | null | undefined): boolean => size !== null && size !== undefined;
