import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { decodeCursor, DomainError, pageSize } from '@trenza/values';
import { DEFAULT_COUNTRY, normalise } from '../identifiers/normalise.ts';
import { IDENTIFIER_TYPES, type IdentifierType } from '../identifiers/identifier.ts';
import { fold } from '../matching/strings.ts';
import { auditLook } from '../audit/write-audit.ts';
import { limitLookUps, OF_STORES, ofStoresValues } from './served.ts';
import { STATE_SQL, type CustomerState } from './state.ts';

export interface SearchArgs {
  search?: string | null;
  state?: CustomerState | null;
  first?: number | null;
  after?: string | null;
}

/** Words of a search; more only slow it down. */
const MAX_WORDS = 5;
/** As long as the longest identifier. */
const MAX_SEARCH = 254;

/** What a customer says or shows to be found. Anything else that identifies is known to machines alone. */
export const PRESENTED: readonly IdentifierType[] = ['email', 'phone', 'card', 'till'];
/** A name has no digits to speak of: only what looks like an identifier is looked up as one. */
const LOOKS_LIKE_IDENTIFIER = /@|\d\D*\d\D*\d/;

/** Those one of whose profiles has each of the words in one of its names. The first word is the longest, and finds the fewest. */
const NAMED = `
  with hit as materialized (
    select distinct a.profile_id from attribute a
     where a.folded like ($1::text[])[1]
       and (a.folded like all($1) or not exists (
             select from unnest(($1)[2:]) as word
              where not exists (select from attribute b where b.profile_id = a.profile_id and b.folded like word)))
  ), named as materialized (
    select distinct m.customer_id from hit join profile m on m.id = hit.profile_id
  )`;

/** Newest customers first; the id is a time, so it is the order. */
const searchSql = ({ words, inStores }: { words: boolean; inStores: boolean }): string => `
  ${words ? NAMED : ''}
  select customer_id as id from profile p ${words ? 'join named using (customer_id)' : ''}
   where erased_at is null and ${words ? '' : '$1::text[] is null and'} ($2::uuid is null or p.customer_id < $2)
     ${inStores ? `and ${OF_STORES}` : ''}
   group by customer_id
  having $3::text is null or ${STATE_SQL} = $3
   order by customer_id desc limit $4`;

/** One more than the page holds, so that it shows whether there is another. */
export async function searchCustomers(
  ctx: Context,
  args: SearchArgs,
): Promise<{ ids: string[]; size: number; hasPrevious: boolean }> {
  const size = pageSize(args.first);
  const after = decodeCursor<[string]>(args.after);
  const text = args.search?.trim() ?? '';
  if (text.length > MAX_SEARCH)
    throw new DomainError(
      'SEARCH_TOO_LONG',
      `${text.length} characters were given; a search has at most ${MAX_SEARCH}.`,
      ['search'],
    );
  const exact = LOOKS_LIKE_IDENTIFIER.test(text) ? await byIdentifier(ctx, text) : [];
  if (exact.length > 0) return { ids: exact, size, hasPrevious: false };
  const words = wordsOf(text);
  const inStores = ctx.caller.role === 'associate';
  const rows = await sql<{ id: string }>(ctx.database, searchSql({ words: words.length > 0, inStores }), [
    words.length > 0 ? words.map((word) => `%${word}%`) : null,
    after?.[0] ?? null,
    args.state ?? null,
    size + 1,
    ...(inStores ? ofStoresValues(ctx) : []),
  ]);
  return { ids: rows.map((row) => row.id), size, hasPrevious: after !== null };
}

/** Each word once, the longest first. A letter says something only where it is all there is. */
function wordsOf(text: string): string[] {
  const words = [...new Set(fold(text).split(' '))].filter(Boolean);
  const telling = words.filter((word) => word.length > 1);
  return (telling.length > 0 ? telling : words).toSorted((x, y) => y.length - x.length).slice(0, MAX_WORDS);
}

const BY_IDENTIFIER = `
  select distinct p.customer_id as id from unnest($1::text[], $2::text[]) as asked (type, value)
    join identifier i on i.type = asked.type and i.value = asked.value
    join profile p on p.id = i.profile_id
   order by 1`;

/** What was typed may be an identifier of any type: each in its normal form is one probe of an index. */
async function byIdentifier(ctx: Context, text: string): Promise<string[]> {
  await limitLookUps(ctx.database, ctx);
  const types = ctx.caller.role === 'associate' ? PRESENTED : IDENTIFIER_TYPES;
  const forms = types.flatMap((type) => {
    const normal = normalise(type, text, DEFAULT_COUNTRY);
    return 'value' in normal ? [[type, normal.value] as const] : [];
  });
  const rows = await sql<{ id: string }>(ctx.database, {
    name: 'identity-search-identifier',
    text: BY_IDENTIFIER,
    values: [forms.map(([type]) => type), forms.map(([, value]) => value)],
  });
  await recordLookUp(
    ctx,
    rows.map((row) => row.id),
    'search',
  );
  return rows.map((row) => row.id);
}

/** Who was found, or that nobody was: what opens a customer to an associate, and what counts towards her limit. */
export async function recordLookUp(ctx: Context, ids: readonly string[], by: string): Promise<void> {
  if (ids.length === 0) await auditLook(ctx, 'sought', null, [by]);
  await Promise.all(ids.map((id) => auditLook(ctx, 'found', id, [by])));
}

const COUNTS = `
  select state, count(*)::int as count
    from (select ${STATE_SQL} as state from profile where erased_at is null group by customer_id) people
   group by state`;

export const countCustomers = (ctx: Context): Promise<{ state: CustomerState; count: number }[]> =>
  sql(ctx.database, COUNTS);

const LOOK_UP = `
  select p.customer_id as id from identifier i join profile p on p.id = coalesce(i.shared_profile_id, i.profile_id)
   where i.type = $1 and i.value = $2`;

/** The customer behind one identifier; for a shared one the line itself. */
export async function customerIdBy(ctx: Context, type: string, value: string): Promise<string | null> {
  const [row] = await sql<{ id: string }>(ctx.database, {
    name: 'identity-by-identifier',
    text: LOOK_UP,
    values: [type, value],
  });
  return row?.id ?? null;
}
