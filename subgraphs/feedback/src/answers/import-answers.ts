import { sql, type Tx } from '@trenza/database';
import { type Channel, newId } from '@trenza/events';
import { tell } from '../tell.ts';
import { checkBatch, type ImportOutcome, type Problem, sift, timeProblem } from '../imports/import-batch.ts';
import { MAX_COMMENT, type MetricName, scoredQuestion, type Survey } from '../surveys/survey.ts';
import { SURVEY_COLUMNS } from '../surveys/load-survey.ts';
import { understand, type Understanding } from '../understanding/understand.ts';
import { ANSWER_COLUMNS, type AnswerRow } from './answer-row.ts';
import { attitudeOf } from './attitude.ts';
import { answerSubmitted, scaleOf } from './submit-answer.ts';

export interface AnswerItem {
  externalId: string;
  /** Which survey it answers; without one the oldest active survey of the metric. */
  surveyKey?: string | null;
  metric?: MetricName | null;
  profileId?: string | null;
  channel?: Channel | null;
  storeId?: string | null;
  associateId?: string | null;
  orderId?: string | null;
  score?: number | null;
  comment?: string | null;
  language?: string | null;
  occurredAt: Date;
}

const INSERT = `
  insert into answer (id, survey_id, survey_version, metric, profile_id, channel, store_id, associate_id, order_id, score, scale_min, scale_max, attitude,
                      responses, comment, language, sentiment, themes, complete, imported, source, source_id, occurred_at, changed_at)
  select a.id, a.survey_id, a.survey_version, a.metric, case when e.profile_id is null then a.profile_id end, a.channel, a.store_id, a.associate_id, a.order_id,
         a.score, a.scale_min, a.scale_max, a.attitude, case when e.profile_id is null then a.responses::jsonb else '{}' end,
         case when e.profile_id is null then a.comment end, a.language, a.sentiment, a.themes::jsonb, true, true, $1, a.source_id, a.occurred_at, $2
    from unnest($3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::text[], $8::uuid[], $9::text[], $10::uuid[], $11::text[], $12::uuid[], $13::numeric[],
                $14::numeric[], $15::numeric[], $16::text[], $17::text[], $18::text[], $19::text[], $20::numeric[], $21::text[], $22::timestamptz[])
      as a (id, source_id, survey_id, survey_version, metric, profile_id, channel, store_id, associate_id, order_id, score, scale_min, scale_max, attitude,
            responses, comment, language, sentiment, themes, occurred_at)
    left join erased_profile e on e.profile_id = a.profile_id
   order by a.source_id
  on conflict (source, source_id) do nothing
  returning ${ANSWER_COLUMNS}`;

/** Answers that other systems collected, with their own time. They count in the numbers; they open no case and set off no alert. */
export async function importAnswers(
  tx: Tx,
  source: string,
  items: readonly AnswerItem[],
  now: Date,
): Promise<ImportOutcome> {
  checkBatch(source, items.length);
  const surveys = await surveysNamed(tx, items);
  const { taken, refusals } = sift(items, (item) => problemOf(item, surveys.get(nameOf(item)), now));
  if (taken.length === 0) return { created: 0, existing: 0, refusals };
  const rows = await sql<AnswerRow>(tx, {
    name: 'answer-import',
    text: INSERT,
    values: [source, now, ...columns(taken, surveys)],
  });
  await tell(
    tx,
    rows.map((row) => answerSubmitted(row, row.occurredAt)),
  );
  return { created: rows.length, existing: taken.length - rows.length, refusals };
}

/** Every survey that the items name, by its key and, for those that name a metric only, by the metric. */
async function surveysNamed(tx: Tx, items: readonly AnswerItem[]): Promise<Map<string, Survey>> {
  const rows = await sql<Survey>(
    tx,
    `select ${SURVEY_COLUMNS} from survey s join survey_version v on v.survey_id = s.id and v.version = s.version
      where s.key = any($1::text[]) or (s.metric = any($2::text[]) and s.status = 'active') order by s.created_at desc, s.key desc`,
    [distinct(items.map((item) => item.surveyKey)), distinct(items.map((item) => item.metric))],
  );
  return new Map(rows.flatMap((survey) => [[survey.key, survey] as const, [survey.metric, survey] as const]));
}

const distinct = (names: (string | null | undefined)[]): string[] => [...new Set(names.filter((name) => name != null))];
const nameOf = (item: AnswerItem): string => item.surveyKey ?? item.metric ?? '';

function problemOf(item: AnswerItem, survey: Survey | undefined, now: Date): Problem | null {
  if (!survey)
    return {
      field: 'surveyKey',
      code: 'SURVEY_NOT_FOUND',
      message: `There is no active survey "${nameOf(item)}". Name a surveyKey or a metric.`,
    };
  const { score = null, comment } = item;
  const { min, max } = scaleOf(survey);
  if (score !== null && (score < min || score > max))
    return {
      field: 'score',
      code: 'OUT_OF_SCALE',
      message: `"${survey.key}" takes a score from ${min} to ${max}, not ${score}.`,
    };
  if (score === null && !comment?.trim())
    return { field: 'score', code: 'ANSWER_EMPTY', message: 'An answer has a score or a comment.' };
  if ((comment?.length ?? 0) > MAX_COMMENT)
    return {
      field: 'comment',
      code: 'TOO_LONG',
      message: `The comment has ${comment!.length} characters, at most ${MAX_COMMENT} are kept.`,
    };
  return timeProblem(item.occurredAt, now);
}

function columns(items: readonly AnswerItem[], surveys: Map<string, Survey>): unknown[][] {
  const understood: Understanding[] = items.map((i) => understand(i.comment, i.language));
  const of = items.map((i) => surveys.get(nameOf(i))!);
  const scales = of.map(scaleOf);
  return [
    items.map(() => newId()),
    items.map((i) => i.externalId),
    of.map((s) => s.id),
    of.map((s) => s.version),
    of.map((s) => s.metric),
    items.map((i) => i.profileId ?? null),
    items.map((i) => i.channel ?? 'other'),
    items.map((i) => i.storeId ?? null),
    items.map((i) => i.associateId ?? null),
    items.map((i) => i.orderId ?? null),
    items.map((i) => i.score ?? null),
    scales.map((s) => s.min),
    scales.map((s) => s.max),
    items.map((i, at) => attitudeOf(i.score ?? null, scales[at]!)),
    items.map((i, at) => JSON.stringify(responsesOf(i, of[at]!))),
    items.map((i) => i.comment?.trim() || null),
    items.map((i, at) => understood[at]!.language ?? i.language?.slice(0, 2).toLowerCase() ?? null),
    understood.map((u) => u.sentiment),
    understood.map((u) => JSON.stringify(u.themes)),
    items.map((i) => i.occurredAt),
  ];
}

const responsesOf = ({ score }: AnswerItem, { definition }: Survey): Record<string, number> => {
  const scored = scoredQuestion(definition);
  return scored && score != null ? { [scored.id]: score } : {};
};
