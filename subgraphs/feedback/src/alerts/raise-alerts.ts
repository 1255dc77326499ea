import { inTransaction, sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { tell } from '../tell.ts';
import type { Deps } from '@trenza/subgraph';
import type { AttitudeCounts } from '../scores/statistics.ts';
import { type Comparison, isDrop, isRecovered, measure } from './alert.ts';

interface Scope {
  metric: string;
  scope: 'store' | 'channel';
  scopeId: string;
}

/** One turn looks at so many scopes; what is left waits seconds. */
const TURN = 200;

const DUE = `
  delete from watch_due where (metric, scope, scope_id) in (
    select metric, scope, scope_id from watch_due order by since limit ${TURN} for update skip locked)
  returning metric, scope, scope_id as "scopeId"`;

const OPEN = `select metric, scope, scope_id as "scopeId" from alert where recovered_at is null`;

/** Looks at every scope that has new answers, and at those in alarm: time alone can end an alarm. */
export async function watchScores({ database, clock }: Pick<Deps, 'database' | 'clock'>): Promise<number> {
  return inTransaction(database, async (tx) => {
    const now = clock.now();
    const due = await sql<Scope>(tx, DUE);
    const open = await sql<Scope>(tx, OPEN);
    const scopes = new Map(
      [...due, ...open].map((scope) => [`${scope.metric}/${scope.scope}/${scope.scopeId}`, scope]),
    );
    let raised = 0;
    for (const scope of scopes.values()) raised += (await look(tx, scope, now)) ? 1 : 0;
    return raised;
  });
}

/**
 * Two windows, because stores are small and channels are large: the last 20 answers (of a week at most) and the last day,
 * each against the eight weeks before it. One walk along the index of the scope answers both.
 */
const LAST_ANSWERS = 20;
const COMPARE = (column: 'store_id = $1::uuid' | 'channel = $1'): string => `
  with seen as (
    select attitude, occurred_at, row_number() over (order by occurred_at desc, id desc) as rank
      from answer
     where ${column} and metric = $2 and score is not null and occurred_at > $3::timestamptz - interval '63 days' and occurred_at <= $3
  ), marked as (
    select attitude,
           rank <= ${LAST_ANSWERS} and occurred_at > $3::timestamptz - interval '7 days' as among_last,
           occurred_at > $3::timestamptz - interval '1 day' as of_day
      from seen
  )
  select count(*) filter (where among_last and attitude = 'promoter') as p1, count(*) filter (where among_last and attitude = 'passive') as n1,
         count(*) filter (where among_last and attitude = 'detractor') as d1,
         count(*) filter (where not among_last and attitude = 'promoter') as p2, count(*) filter (where not among_last and attitude = 'passive') as n2,
         count(*) filter (where not among_last and attitude = 'detractor') as d2,
         count(*) filter (where of_day and attitude = 'promoter') as p3, count(*) filter (where of_day and attitude = 'passive') as n3,
         count(*) filter (where of_day and attitude = 'detractor') as d3,
         count(*) filter (where not of_day and attitude = 'promoter') as p4, count(*) filter (where not of_day and attitude = 'passive') as n4,
         count(*) filter (where not of_day and attitude = 'detractor') as d4
    from marked`;

async function compare(tx: Tx, { metric, scope, scopeId }: Scope, now: Date): Promise<Comparison[]> {
  const [row] = await sql<Record<string, number>>(
    tx,
    COMPARE(scope === 'store' ? 'store_id = $1::uuid' : 'channel = $1'),
    [scopeId, metric, now],
  );
  const counts = (window: number): AttitudeCounts => ({
    promoters: row![`p${window}`]!,
    passives: row![`n${window}`]!,
    detractors: row![`d${window}`]!,
  });
  return [
    { recent: counts(1), baseline: counts(2) },
    { recent: counts(3), baseline: counts(4) },
  ];
}

async function look(tx: Tx, scope: Scope, now: Date): Promise<boolean> {
  const finding = measure(await compare(tx, scope, now));
  if (!finding || isRecovered(finding)) {
    await sql(
      tx,
      'update alert set recovered_at = $4 where metric = $1 and scope = $2 and scope_id = $3 and recovered_at is null',
      [scope.metric, scope.scope, scope.scopeId, now],
    );
    return false;
  }
  if (!isDrop(finding)) return false;
  const id = newId();
  const raised = await sql(
    tx,
    `insert into alert (id, metric, scope, scope_id, value, baseline, answers, baseline_answers, standard_errors, raised_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning id`,
    [
      id,
      scope.metric,
      scope.scope,
      scope.scopeId,
      finding.value,
      finding.baseline,
      finding.answers,
      finding.baselineAnswers,
      finding.standardErrors,
      now,
    ],
  );
  if (raised.length === 0) return false;
  await tell(tx, [
    event('feedback.alert.raised.v1', {
      occurredAt: now,
      data: {
        alertId: id,
        metric: scope.metric,
        scope: scope.scope,
        scopeId: scope.scopeId,
        value: finding.value,
        baseline: finding.baseline,
      },
    }),
  ]);
  return true;
}
