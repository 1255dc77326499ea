import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { CUSTOMERS } from '../policy/standing.ts';
import { countAudience } from './audience.ts';
import { compileRule, type Rule } from './rule.ts';
import type { CustomerSegment, SaveSegmentInput } from './segment.type.ts';

const MAX_NAME_LENGTH = 100;
/** All of them are evaluated when a customer is shown. */
const MAX_SEGMENTS = 200;
/** A segment of segments of segments is as far as anybody can follow. */
const MAX_NESTING = 3;

interface SegmentRow {
  id: string;
  name: string;
  rule: Rule;
  changed_at: Date;
}

const segmentFrom = ({ changed_at: changedAt, ...row }: SegmentRow): CustomerSegment => ({ ...row, changedAt });

export async function listSegments(
  db: Tx | DataSource,
  afterName: string | null,
  limit: number,
): Promise<CustomerSegment[]> {
  const rows = await sql<SegmentRow>(
    db,
    'select id, name, rule, changed_at from segment where $1::text is null or name > $1 order by name limit $2',
    [afterName, limit],
  );
  return rows.map(segmentFrom);
}

const SAVE = `
  insert into segment (id, name, rule, created_by, changed_at) values ($1, $2, $3, $4, $5)
  on conflict (id) do update set name = excluded.name, rule = excluded.rule, changed_at = excluded.changed_at
  returning id, name, rule, changed_at`;

export async function saveSegment(
  tx: Tx,
  input: SaveSegmentInput,
  { caller, now }: Pick<Context, 'caller' | 'now'>,
): Promise<CustomerSegment> {
  const name = input.name.trim();
  const id = input.id ?? newId();
  const refuse = (code: string, message: string, field: string): never => {
    throw new DomainError(code, message, ['input', field]);
  };
  if (!name || name.length > MAX_NAME_LENGTH)
    refuse('INVALID_NAME', `A name has 1 to ${MAX_NAME_LENGTH} characters, this one has ${name.length}.`, 'name');
  const others = await sql<{ name: string }>(tx, 'select name from segment where id <> $1 limit $2', [
    id,
    MAX_SEGMENTS,
  ]);
  if (others.some((other) => other.name === name))
    refuse('NAME_TAKEN', `Another segment is called “${name}”. Choose another name.`, 'name');
  if (others.length >= MAX_SEGMENTS)
    refuse('TOO_MANY_SEGMENTS', `There are ${MAX_SEGMENTS} segments already. Change one of them.`, 'name');
  const [row] = await sql<SegmentRow>(tx, SAVE, [id, name, JSON.stringify(input.rule), caller.subject, now()]);
  // After it is written, so that a segment which contains itself, through whichever others, is found.
  compileRule(await expandSegments(tx, input.rule));
  return segmentFrom(row!);
}

/** Puts the rules of the segments that a rule names in their place. */
export async function expandSegments(db: Tx | DataSource, rule: Rule, nesting = 0): Promise<Rule> {
  const named = [...JSON.stringify(rule ?? null).matchAll(/"segment":"([0-9a-f-]{36})"/gi)].map((match) => match[1]!);
  if (named.length === 0) return rule;
  if (nesting === MAX_NESTING)
    throw new DomainError('INVALID_RULE', `Segments are nested more than ${MAX_NESTING} deep, or contain each other.`, [
      'input',
      'rule',
    ]);
  const rows = await sql<SegmentRow>(db, 'select id, rule from segment where id = any($1::uuid[])', [named]);
  const rules = new Map(rows.map((row) => [row.id, row.rule]));
  const replaced = JSON.parse(JSON.stringify(rule), (_, value: unknown) => {
    const id = typeof value === 'object' && value !== null && 'segment' in value ? value.segment : undefined;
    if (typeof id !== 'string') return value;
    const found = rules.get(id.toLowerCase());
    if (!found) throw new DomainError('INVALID_RULE', `There is no segment ${id}.`, ['input', 'rule']);
    return found;
  }) as Rule;
  return expandSegments(db, replaced, nesting + 1);
}

export const loadSizes = (rules: readonly Rule[], ctx: Context): Promise<number[]> =>
  Promise.all(
    rules.map(async (rule) => countAudience(ctx.database, await expandSegments(ctx.database, rule), ctx.now())),
  );

/** The segments of each customer: every rule becomes one column of one statement. */
export async function loadMemberships(ids: readonly string[], ctx: Context): Promise<CustomerSegment[][]> {
  const segments = await listSegments(ctx.database, null, MAX_SEGMENTS);
  if (segments.length === 0) return ids.map(() => []);
  const values: unknown[] = [];
  const columns: string[] = [];
  for (const segment of segments) {
    // Rules number their parameters from $2; here they follow those of the others.
    const { where, values: own } = compileRule(await expandSegments(ctx.database, segment.rule), values.length + 2);
    values.push(...own);
    columns.push(where);
  }
  const rows = await sql<{ id: string; member: boolean[] }>(
    ctx.database,
    `with ${CUSTOMERS.replace('$1', `$${values.length + 2}`)}
     select p.id, array[${columns.join(', ')}] as member from customer p where $1::timestamptz is not null`,
    [ctx.now(), ...values, ids],
  );
  const byId = new Map(rows.map((row) => [row.id, row.member]));
  return ids.map((id) => segments.filter((_, i) => byId.get(id)?.[i]));
}
