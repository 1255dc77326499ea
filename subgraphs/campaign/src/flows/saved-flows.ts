import { sql, type Tx } from '@trenza/database';
import { CHANNELS, newId } from '@trenza/events';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { CUSTOMERS } from '../policy/standing.ts';
import { compileRule } from '../segments/rule.ts';
import { expandSegments } from '../segments/saved-segments.ts';
import { faultOf, type Step } from './flow.ts';
import type { CampaignFlow, FlowProgress, FlowRun, SaveFlowInput } from './flow.type.ts';

const MAX_NAME_LENGTH = 100;
/** A customer in more flows at once than this is told of the newest ones. */
const MAX_RUNS_SHOWN = 20;

const COLUMNS = `id, name, trigger, exit_on as "exitOn", steps, active, changed_at as "changedAt"`;

export const listFlows = (db: Tx | DataSource, afterName: string | null, limit: number): Promise<CampaignFlow[]> =>
  sql<CampaignFlow>(db, `select ${COLUMNS} from flow where $1::text is null or name > $1 order by name limit $2`, [
    afterName,
    limit,
  ]);

const SAVE = `
  insert into flow (id, name, trigger, exit_on, steps, active, created_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (id) do update
     set name = excluded.name, trigger = excluded.trigger, exit_on = excluded.exit_on, steps = excluded.steps, active = excluded.active, changed_at = excluded.changed_at
  returning ${COLUMNS}`;

export async function saveFlow(
  tx: Tx,
  input: SaveFlowInput,
  { caller, now }: Pick<Context, 'caller' | 'now'>,
): Promise<CampaignFlow> {
  const name = input.name.trim();
  const id = input.id ?? newId();
  const refuse = (code: string, message: string, field: string): never => {
    throw new DomainError(code, message, ['input', field]);
  };
  if (!name || name.length > MAX_NAME_LENGTH)
    refuse('INVALID_NAME', `A name has 1 to ${MAX_NAME_LENGTH} characters, this one has ${name.length}.`, 'name');
  const [taken] = await sql(tx, 'select 1 from flow where name = $1 and id <> $2', [name, id]);
  if (taken) refuse('NAME_TAKEN', `Another flow is called “${name}”. Choose another name.`, 'name');
  const fault = faultOf(input.steps);
  if (fault) refuse('INVALID_STEPS', fault, 'steps');
  const steps = input.steps.map(inOurNames);
  for (const [at, step] of steps.entries()) {
    if (step.branch) compileRule(await expandSegments(tx, step.branch.if));
    if (step.send) await mustHaveText(tx, step.send, at);
  }
  const values = [
    id,
    name,
    input.trigger,
    input.exitOn ?? [],
    JSON.stringify(steps),
    input.active,
    caller.subject,
    now(),
  ];
  return (await sql<CampaignFlow>(tx, SAVE, values))[0]!;
}

/** Marketers write the names of the graph (CALL_CENTRE), rows and events have their own. */
function inOurNames(step: Step): Step {
  const ours = (name: string) => name.toLowerCase().replaceAll('_', '-');
  if (step.send) {
    const { templateId, channel, purpose } = step.send;
    return { send: { templateId, channel: ours(channel), ...(purpose && { purpose: ours(purpose) }) } };
  }
  return step.task ? { task: { ...step.task, kind: ours(step.task.kind ?? 'other') } } : step;
}

const PURPOSES = ['marketing', 'transactional', 'service'];

async function mustHaveText(
  tx: Tx,
  { templateId, channel, purpose }: NonNullable<Step['send']>,
  at: number,
): Promise<void> {
  const fault = (message: string) => new DomainError('INVALID_STEPS', `Step ${at}: ${message}`, ['input', 'steps']);
  if (!(CHANNELS as readonly string[]).includes(channel)) throw fault(`"${channel}" is no channel.`);
  if (purpose && !PURPOSES.includes(purpose)) throw fault(`"${purpose}" is no purpose. Use ${PURPOSES.join(', ')}.`);
  const [text] = await sql(tx, 'select 1 from template_variant where template_id::text = $1 and channel = $2', [
    templateId,
    channel,
  ]);
  if (!text) throw fault(`there is no template ${templateId} with a text for ${channel}. Save one first.`);
}

const PROGRESS = `
  select f.id, (count(r.id) filter (where r.state = 'running'))::int as running, (count(r.id) filter (where r.state = 'done'))::int as done,
         (count(r.id) filter (where r.state = 'exited'))::int as exited
    from unnest($1::uuid[]) as f (id) left join flow_run r on r.flow_id = f.id group by 1`;

export async function loadFlowProgress(ids: readonly string[], ctx: Context): Promise<FlowProgress[]> {
  const rows = await sql<FlowProgress & { id: string }>(ctx.database, PROGRESS, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)!);
}

const RUNS = `
  with ${CUSTOMERS}
  select c.id as customer, r.id, f.name as flow, r.state, r.step, r.reason, r.entered_at as "enteredAt", case when r.state = 'running' then r.due_at end as "dueAt"
    from customer c
    cross join lateral (select * from flow_run where profile_id = any(c.profiles) order by entered_at desc limit ${MAX_RUNS_SHOWN}) r
    join flow f on f.id = r.flow_id
   order by c.id, r.entered_at desc`;

export async function loadFlowRuns(ids: readonly string[], ctx: Context): Promise<FlowRun[][]> {
  const rows = await sql<FlowRun & { customer: string }>(ctx.database, {
    name: 'flow-runs',
    text: RUNS,
    values: [ids],
  });
  const byCustomer = Map.groupBy(rows, (row) => row.customer);
  return ids.map((id) => byCustomer.get(id) ?? []);
}
