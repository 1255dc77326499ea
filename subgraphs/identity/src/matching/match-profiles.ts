import { inTransaction, sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import type { DataSource } from 'typeorm';
import { mergeCustomers } from '../customers/merge-customers.ts';
import { DIFFERENT } from './compare.ts';
import { explain, type FieldEvidence } from './explain.ts';
import { SURE } from './match.ts';
import type { RecordRow } from './fields.ts';
import { blockingKeys, PERSON_ATTRIBUTES } from './person.ts';
import { applyModel, FIRST_MODEL, type StoredModel } from './stored-model.ts';

/** Profiles per transaction: small enough that nobody waits for its locks. */
const BATCH = 100;
/** The job gives way to others after this long, and goes on a moment later. */
const BUDGET_MS = 1_500;
/** A key that more profiles share than this is a coincidence of many, and the square of them is work for nothing. */
const MAX_BLOCK = 100;
/** From here on somebody should look. */
const DOUBTFUL = 0.5;

/** Compares profiles of which something new is known with those that may be the same person. Sure matches merge, doubtful ones wait for a decision. */
export async function matchPending({ database, clock, log }: Deps): Promise<void> {
  const until = Date.now() + BUDGET_MS;
  const model = await currentModel(database);
  while (Date.now() < until) {
    const found = await inTransaction(database, (tx) => matchBatch(tx, model, clock.now()));
    for (const pair of found.sure) await mergeSure(database, pair, { clock, log });
    if (found.taken < BATCH) return;
  }
}

export async function currentModel(database: DataSource): Promise<StoredModel> {
  const [row] = await sql<{ model: StoredModel }>(
    database,
    'select model from match_model order by trained_at desc, id desc limit 1',
  );
  return row?.model ?? FIRST_MODEL;
}

interface Pair {
  id: string;
  a: string;
  b: string;
  weight: number;
  probability: number;
  evidence: FieldEvidence[];
}

/** People who share a roof share half of these fields: a different name or birth date is for a person to judge. */
const PERSONAL = new Set(['givenName', 'familyName', 'birthDate']);
const isSure = ({ probability, evidence }: Pair): boolean =>
  probability >= SURE && !evidence.some((e) => PERSONAL.has(e.field) && e.finding === DIFFERENT);

const TAKE = `
  delete from match_pending where profile_id in (select profile_id from match_pending order by since limit ${BATCH} for update skip locked)
  returning profile_id`;

async function matchBatch(tx: Tx, model: StoredModel, now: Date): Promise<{ taken: number; sure: Pair[] }> {
  const taken = (await sql<{ profile_id: string }>(tx, TAKE)).map((row) => row.profile_id);
  if (taken.length === 0) return { taken: 0, sure: [] };
  const fresh = await featuresOf(tx, taken);
  await storeKeys(tx, taken, fresh);
  const pairs = await candidates(tx, taken);
  const people = new Map([
    ...fresh,
    ...(await featuresOf(
      tx,
      [...new Set(pairs.flat())].filter((id) => !fresh.has(id)),
    )),
  ]);
  const scored = await score(tx, model, pairs, people);
  await file(tx, scored, now);
  return { taken: taken.length, sure: scored.filter(isSure) };
}

const FEATURES = `
  select distinct on (profile_id, name) profile_id, name, value from (
    select profile_id, name, value #>> '{}' as value, last_at from attribute where profile_id = any($1::uuid[]) and name = any($2)
    union all
    select profile_id, type, value, last_seen_at from identifier where profile_id = any($1::uuid[]) and type in ('email', 'phone') and not shared
  ) known
  order by profile_id, name, last_at desc, value`;

/** What is known of each profile, the last value of each field. */
export async function featuresOf(db: Tx | DataSource, profileIds: readonly string[]): Promise<Map<string, RecordRow>> {
  const rows = await sql<{ profile_id: string; name: string; value: string }>(db, {
    name: 'match-features',
    text: FEATURES,
    values: [profileIds, PERSON_ATTRIBUTES],
  });
  return new Map(
    [...Map.groupBy(rows, (row) => row.profile_id)].map(([id, own]) => [
      id,
      Object.fromEntries(own.map((r) => [r.name, r.value])),
    ]),
  );
}

async function storeKeys(tx: Tx, profileIds: readonly string[], people: ReadonlyMap<string, RecordRow>): Promise<void> {
  const keys = [...people].flatMap(([id, row]) => blockingKeys(row).map((key) => [key, id] as const));
  await sql(tx, 'delete from match_key where profile_id = any($1::uuid[])', [profileIds]);
  await sql(
    tx,
    'insert into match_key (key, profile_id) select * from unnest($1::text[], $2::uuid[]) on conflict do nothing',
    [keys.map(([key]) => key), keys.map(([, id]) => id)],
  );
}

/** Pairs of different customers that share a key, the older profile first; pairs on which a person has decided are left alone. */
const CANDIDATES = `
  select distinct least(mine.profile_id, other.profile_id) as a, greatest(mine.profile_id, other.profile_id) as b
    from match_key mine
    cross join lateral (select profile_id from match_key where key = mine.key limit ${MAX_BLOCK + 1}) other
    join profile p on p.id = mine.profile_id
    join profile q on q.id = other.profile_id
   where mine.profile_id = any($1::uuid[]) and p.customer_id <> q.customer_id and p.erased_at is null and q.erased_at is null
     and (select count(*) from (select from match_key where key = mine.key limit ${MAX_BLOCK + 1}) size) <= ${MAX_BLOCK}
     and not exists (select from match_candidate c where c.a = least(p.id, q.id) and c.b = greatest(p.id, q.id) and c.status <> 'open')
     and not exists (select from override o where o.active and o.kind = 'cannot-link'
                        and o.a in (select id from profile where customer_id in (p.customer_id, q.customer_id))
                        and o.b in (select id from profile where customer_id in (p.customer_id, q.customer_id)))`;

async function candidates(tx: Tx, profileIds: readonly string[]): Promise<[string, string][]> {
  const rows = await sql<{ a: string; b: string }>(tx, CANDIDATES, [profileIds]);
  return rows.map(({ a, b }) => [a, b]);
}

async function score(
  tx: Tx,
  model: StoredModel,
  pairs: readonly [string, string][],
  people: ReadonlyMap<string, RecordRow>,
): Promise<Pair[]> {
  if (pairs.length === 0) return [];
  const [size] = await sql<{ population: number }>(
    tx,
    `select greatest(reltuples, 1)::bigint as population from pg_class where oid = 'profile'::regclass`,
  );
  const ids = [...people.keys()];
  const numbers = new Map(ids.map((id, index) => [id, index]));
  const matcher = applyModel(model, [...people.values()], size!.population);
  return pairs.flatMap(([a, b]) => {
    const [x, y] = [numbers.get(a), numbers.get(b)];
    if (x === undefined || y === undefined) return [];
    const { weight, probability } = matcher.score(x, y);
    return probability < DOUBTFUL ? [] : [{ id: newId(), a, b, weight, probability, evidence: explain(matcher, x, y) }];
  });
}

const FILE = `
  insert into match_candidate as had (id, a, b, weight, probability, evidence, status, created_at)
  select id, a, b, weight, probability, evidence, 'open', $2
    from jsonb_to_recordset($1) as x (id uuid, a uuid, b uuid, weight real, probability double precision, evidence jsonb)
   order by a, b
  on conflict (a, b) do update
     set weight = excluded.weight, probability = excluded.probability, evidence = excluded.evidence
   where had.status = 'open'`;

const file = (tx: Tx, pairs: readonly Pair[], now: Date): Promise<unknown> =>
  sql(tx, FILE, [JSON.stringify(pairs), now]);

/** Two logins are two accounts: somebody has to say that one person has both. */
const CONTRADICTED = `
  select count(distinct p.customer_id) = 2 as contradicted
    from profile p join identifier i on i.profile_id = p.id and i.type = 'user'
   where p.customer_id in (select customer_id from profile where id in ($1, $2))`;

async function mergeSure(
  database: DataSource,
  { a, b, weight, evidence }: Pair,
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
): Promise<void> {
  try {
    await inTransaction(database, async (tx) => {
      const [row] = await sql<{ contradicted: boolean }>(tx, CONTRADICTED, [a, b]);
      if (row!.contradicted) return;
      const reason = 'Names, dates and addresses agree beyond doubt.';
      await mergeCustomers(
        tx,
        { into: a, merge: [b], reason, by: 'matching', match: { weight, evidence: { fields: evidence } } },
        { clock },
      );
      await sql(
        tx,
        `update match_candidate set status = 'merged', decided_at = $3, decided_by = 'matching' where a = $1 and b = $2`,
        [a, b, clock.now()],
      );
    });
  } catch (error) {
    // Somebody merged or erased them meanwhile: there is nothing left to do.
    log.info({ err: error, a, b }, 'A sure match was not merged.');
  }
}
