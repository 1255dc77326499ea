import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';
import type { Survey } from './survey.ts';

export const SURVEY_COLUMNS = `s.id, s.key, s.metric, s.name, s.status, s.trigger, s.rest_days as "restDays", s.valid_days as "validDays",
  s.delay_minutes as "delayMinutes", v.version, v.definition`;

const CURRENT = `
  select ${SURVEY_COLUMNS}
    from survey s join survey_version v on v.survey_id = s.id and v.version = s.version`;

/** The survey with its current version, by id or by key. */
export async function findSurvey(
  db: Tx | DataSource,
  by: { id?: string | null; key?: string | null },
): Promise<Survey | null> {
  const rows = await sql<Survey>(db, {
    name: 'survey-find',
    text: `${CURRENT} where s.id = $1::uuid or s.key = $2::text`,
    values: [by.id ?? null, by.key ?? null],
  });
  return rows[0] ?? null;
}

/** The same, refusing with what the caller can put right. */
export async function needSurvey(
  db: Tx | DataSource,
  by: { id?: string | null; key?: string | null },
  path: string[] = ['input', 'surveyId'],
): Promise<Survey> {
  const survey = await findSurvey(db, by);
  if (!survey)
    throw new DomainError(
      'SURVEY_NOT_FOUND',
      `There is no survey "${by.id ?? by.key}". The query surveys lists them.`,
      path,
    );
  return survey;
}

export const listSurveys = (db: Tx | DataSource, archived: boolean): Promise<Survey[]> =>
  sql<Survey>(db, `${CURRENT} where s.status = 'active' or $1 order by s.key`, [archived]);

/** One version of a survey: an answer is read against the questions that were asked. */
export async function needVersion(db: Tx | DataSource, surveyId: string, version: number): Promise<Survey> {
  const [survey] = await sql<Survey>(db, {
    name: 'survey-version',
    text: `select ${SURVEY_COLUMNS} from survey s join survey_version v on v.survey_id = s.id where s.id = $1 and v.version = $2`,
    values: [surveyId, version],
  });
  if (!survey) throw new Error(`Version ${version} of survey ${surveyId} is referred to and is not there.`);
  return survey;
}

/** Batch loader: current surveys by id. */
export async function surveysById(
  ids: readonly string[],
  { database }: { database: DataSource },
): Promise<(Survey | null)[]> {
  const rows = await sql<Survey>(database, `${CURRENT} where s.id = any($1::uuid[])`, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
