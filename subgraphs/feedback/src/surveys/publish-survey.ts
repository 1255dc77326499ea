import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { needSurvey } from './load-survey.ts';
import { checkDefinition, type Definition, type MetricName, type Survey, type Trigger } from './survey.ts';

export interface CreateSurvey {
  key: string;
  metric: MetricName;
  name: string;
  trigger?: Trigger | null;
  restDays: number;
  validDays: number;
  delayMinutes: number;
  definition: Definition;
}

const KEY = /^[a-z0-9][a-z0-9-]{1,59}$/;
const BOUNDS = { restDays: [0, 3_650], validDays: [1, 365], delayMinutes: [0, 129_600] } as const;

/** A new survey with its first version. */
export async function createSurvey(tx: Tx, command: CreateSurvey, by: string, now: Date): Promise<Survey> {
  if (!KEY.test(command.key))
    throw new DomainError(
      'SURVEY_KEY',
      `"${command.key}" can't be a key: 2 to 60 lower-case letters, digits, hyphens.`,
      ['input', 'key'],
    );
  for (const [field, [low, high]] of Object.entries(BOUNDS)) {
    const value = command[field as keyof typeof BOUNDS];
    if (value < low || value > high)
      throw new DomainError('OUT_OF_BOUNDS', `${field} lies between ${low} and ${high}, not ${value}.`, [
        'input',
        field,
      ]);
  }
  checkDefinition(command.metric, command.definition);
  const id = newId();
  const created = await sql(
    tx,
    `insert into survey (id, key, metric, name, trigger, rest_days, valid_days, delay_minutes, created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (key) do nothing returning id`,
    [
      id,
      command.key,
      command.metric,
      command.name,
      command.trigger ?? null,
      command.restDays,
      command.validDays,
      command.delayMinutes,
      now,
      by,
    ],
  );
  if (created.length === 0)
    throw new DomainError('SURVEY_EXISTS', `There is a survey "${command.key}" already. Publish a new version of it.`, [
      'input',
      'key',
    ]);
  await insertVersion(tx, id, 1, command.definition, by, now);
  return needSurvey(tx, { id });
}

/** New questions for a survey. Who was asked before answers the version she was asked; numbers go on across versions. */
export async function publishVersion(
  tx: Tx,
  surveyId: string,
  definition: Definition,
  by: string,
  now: Date,
): Promise<Survey> {
  await sql(tx, 'select 1 from survey where id = $1 for update', [surveyId]);
  const survey = await needSurvey(tx, { id: surveyId });
  if (survey.status === 'archived')
    throw new DomainError('SURVEY_ARCHIVED', `The survey "${survey.key}" is archived. Create a new one.`, [
      'input',
      'surveyId',
    ]);
  checkDefinition(survey.metric, definition);
  await insertVersion(tx, surveyId, survey.version + 1, definition, by, now);
  await sql(tx, 'update survey set version = $2 where id = $1', [surveyId, survey.version + 1]);
  return needSurvey(tx, { id: surveyId });
}

/** Nobody is asked any more; invitations that are out can still be answered. */
export async function archiveSurvey(tx: Tx, surveyId: string): Promise<Survey> {
  await needSurvey(tx, { id: surveyId });
  await sql(tx, `update survey set status = 'archived' where id = $1`, [surveyId]);
  await sql(tx, `update invitation set status = 'withdrawn' where survey_id = $1 and status = 'waiting'`, [surveyId]);
  return needSurvey(tx, { id: surveyId });
}

const insertVersion = (
  tx: Tx,
  id: string,
  version: number,
  definition: Definition,
  by: string,
  now: Date,
): Promise<unknown> =>
  sql(
    tx,
    'insert into survey_version (survey_id, version, definition, published_at, published_by) values ($1, $2, $3, $4, $5)',
    [id, version, JSON.stringify(definition), now, by],
  );
