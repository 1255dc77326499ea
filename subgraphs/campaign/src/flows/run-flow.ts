import { inTransaction, sql, type Tx } from '@trenza/database';
import type { Channel } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { queueMessages } from '../messages/queue-messages.ts';
import type { Purpose } from '../policy/contact-policy.ts';
import { standingsOf } from '../policy/standing.ts';
import { isInAudience } from '../segments/audience.ts';
import { expandSegments } from '../segments/saved-segments.ts';
import { createTask } from '../tasks/create-task.ts';
import { herStore } from '../tasks/follow-events.ts';
import type { TaskKind } from '../tasks/task.ts';
import { MAX_STEPS, moveFrom, type Move, type Step, type Trigger } from './flow.ts';

const RUN_BATCH = 200;
/** Batches of one run of the job. */
const MAX_BATCHES = 20;
const FLOW_PRIORITY = 50;
const HOUR_MS = 3_600_000;

interface Occasion {
  profileId: string;
  /** The event, so that a repeat is recognised. */
  cause: string;
}

/** One run per cause, and no second one while she is in the flow, under whichever profile. */
const ENTER = `
  insert into flow_run (id, flow_id, profile_id, cause, steps, state, reason, due_at, entered_at)
  select distinct on (f.id, coalesce(m.customer_id, o.profile_id)) gen_random_uuid(), f.id, o.profile_id, o.cause, f.steps, 'running', 'Entered: ' || f.trigger || '.', $4::timestamptz, $4::timestamptz
    from unnest($1::uuid[], $2::text[]) as o (profile_id, cause)
    join flow f on f.active and f.trigger = $3
    left join customer_profile m on m.profile_id = o.profile_id
   where not exists (
     select 1 from flow_run r left join customer_profile rm on rm.profile_id = r.profile_id
      where r.flow_id = f.id and r.state = 'running' and coalesce(rm.customer_id, r.profile_id) = coalesce(m.customer_id, o.profile_id))
   order by f.id, coalesce(m.customer_id, o.profile_id), o.cause
  on conflict (flow_id, cause) do nothing`;

const EXIT = `
  update flow_run r set state = 'exited', reason = 'Left: ' || $2 || '.', ended_at = $3
    from flow f
   where f.id = r.flow_id and r.state = 'running' and $2 = any(f.exit_on)
     and r.profile_id in (
       select p.profile_id from unnest($1::uuid[]) as o (profile_id)
        cross join lateral (select coalesce((select customer_id from customer_profile where profile_id = o.profile_id), o.profile_id) as id) c
        cross join lateral (select profile_id from customer_profile where customer_id = c.id union select c.id) p)`;

/** Something happened that flows wait for: some end by it, others begin. */
export async function onOccasion(tx: Tx, trigger: Trigger, occasions: readonly Occasion[], now: Date): Promise<void> {
  if (occasions.length === 0) return;
  await sql(tx, { name: 'flow-exit', text: EXIT, values: [occasions.map((o) => o.profileId), trigger, now] });
  await sql(tx, {
    name: 'flow-enter',
    text: ENTER,
    values: [occasions.map((o) => o.profileId), occasions.map((o) => o.cause), trigger, now],
  });
}

const DUE = `
  select r.*, f.name from flow_run r join flow f on f.id = r.flow_id
   where r.state = 'running' and r.due_at <= $1 and f.active order by r.due_at, r.id limit ${RUN_BATCH} for update of r skip locked`;

interface RunRow {
  id: string;
  flow_id: string;
  profile_id: string;
  name: string;
  steps: Step[];
  step: number;
}

/** Takes everybody whose time has come one wait further. */
export async function advanceFlows({ database, clock }: Pick<Deps, 'database' | 'clock'>): Promise<void> {
  for (let i = 0; i < MAX_BATCHES; i++) {
    const moved = await inTransaction(database, async (tx) => {
      const now = clock.now();
      const runs = await sql<RunRow>(tx, { name: 'flow-due', text: DUE, values: [now] });
      for (const run of runs) await advance(tx, run, now);
      return runs.length;
    });
    if (moved < RUN_BATCH) break;
  }
}

const MOVE = `update flow_run set step = $2, state = $3, due_at = $4, reason = $5, ended_at = case when $3 = 'done' then $6::timestamptz end where id = $1`;

async function advance(tx: Tx, run: RunRow, now: Date): Promise<void> {
  let at = run.step;
  // Jumps go forward only, so it ends; the bound is for steps that somebody wrote into the database.
  for (let i = 0; i <= MAX_STEPS; i++) {
    const move = moveFrom(run.steps, at, now, `${run.flow_id} ${run.profile_id}`);
    if (move.kind === 'end') return void (await sql(tx, MOVE, [run.id, at, 'done', now, 'Came to its end.', now]));
    if (move.kind === 'wait')
      return void (await sql(tx, MOVE, [
        run.id,
        move.next,
        'running',
        move.until,
        `Waits until ${move.until.toISOString()}.`,
        now,
      ]));
    at = await carryOut(tx, run, at, move, now);
  }
}

async function carryOut(
  tx: Tx,
  run: RunRow,
  at: number,
  move: Exclude<Move, { kind: 'end' | 'wait' }>,
  now: Date,
): Promise<number> {
  if (move.kind === 'go') return move.next;
  if (move.kind === 'ask') {
    const { profiles } = (await standingsOf(tx, [run.profile_id], now)).get(run.profile_id)!;
    const holds = await isInAudience(tx, await expandSegments(tx, move.branch.if), profiles, now);
    return holds ? move.branch.then : move.branch.else;
  }
  if (move.kind === 'send') await send(tx, run, at, move.send, now);
  else await ask(tx, run, at, move.task, now);
  return move.next;
}

async function send(
  tx: Tx,
  run: RunRow,
  at: number,
  { templateId, channel, purpose }: NonNullable<Step['send']>,
  now: Date,
): Promise<void> {
  const [template] = await sql<{ name: string }>(tx, 'select name from template where id = $1', [templateId]);
  await queueMessages(
    tx,
    [
      {
        profileId: run.profile_id,
        channel: channel as Channel,
        purpose: (purpose ?? 'marketing') as Purpose,
        templateId,
        template: template?.name ?? run.name,
        variables: {},
        idempotencyKey: `flow:${run.id}:${at}`,
        priority: FLOW_PRIORITY,
        notBefore: now,
      },
    ],
    now,
  );
}

async function ask(
  tx: Tx,
  run: RunRow,
  at: number,
  { kind, reason, script, hours }: NonNullable<Step['task']>,
  now: Date,
): Promise<void> {
  const { customerId, profiles } = (await standingsOf(tx, [run.profile_id], now)).get(run.profile_id)!;
  const draft = {
    cause: `flow:${run.id}:${at}`,
    kind: kind as TaskKind,
    profileId: run.profile_id,
    storeId: await herStore(tx, profiles),
    priority: FLOW_PRIORITY,
    reason,
    script,
    dueAt: new Date(now.getTime() + hours * HOUR_MS),
  };
  await createTask(tx, draft, customerId, now);
}
