import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { Question } from './next-question.ts';

/** Values are compared with each other only; a common scale keeps them readable. */
const [MIN_VALUE, MAX_VALUE] = [0.01, 100];
/** A question on a screen of a telephone. */
const MAX_WORDING = 200;
/** Longer lists are a form, not a conversation. */
const MAX_QUESTIONS = 50;
const NAME = /^[a-zA-Z][a-zA-Z0-9_.-]{0,59}$/;
const REASON = /^[a-z][a-z0-9-]{0,59}$/;

const SET = `
  insert into profile_question (field, reason, value, es, en, pt, active) values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (field) do update
     set reason = excluded.reason, value = excluded.value, es = excluded.es, en = excluded.en, pt = excluded.pt, active = excluded.active`;

/** Adds a question or changes one. */
export async function setQuestion(tx: Tx, q: Question & { active: boolean }): Promise<void> {
  check(NAME.test(q.field), 'field', `"${q.field.slice(0, 80)}" is no name of an attribute. Use letters and digits.`);
  check(REASON.test(q.reason), 'reason', `"${q.reason.slice(0, 80)}" is no reason. Use one such as birthday-reward.`);
  check(
    q.value >= MIN_VALUE && q.value <= MAX_VALUE,
    'value',
    `The value lies between ${MIN_VALUE} and ${MAX_VALUE}, not at ${q.value}.`,
  );
  for (const language of ['es', 'en', 'pt'] as const) {
    const { length } = q[language].trim();
    check(
      length > 0 && length <= MAX_WORDING,
      language,
      `The wording has ${length} characters; write 1 to ${MAX_WORDING}.`,
    );
  }
  await sql(tx, SET, [q.field, q.reason, q.value, q.es.trim(), q.en.trim(), q.pt.trim(), q.active]);
  const [count] = await sql<{ n: number }>(tx, 'select count(*) as n from profile_question');
  check(count!.n <= MAX_QUESTIONS, 'field', `There are ${MAX_QUESTIONS} questions already. Change one of them.`);
}

function check(holds: boolean, field: string, message: string): void {
  if (!holds) throw new DomainError('INVALID_QUESTION', message, ['input', field]);
}
