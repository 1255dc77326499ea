import { DomainError } from '@trenza/values';

export type MetricName = 'nps' | 'csat' | 'ces' | 'custom';

type SurveyLanguage = 'es' | 'en' | 'pt';

type QuestionKind = 'scale' | 'choice' | 'multi' | 'text';

/** A text in the languages it was written in; the survey's default language is always among them. */
export type Wording = Partial<Record<SurveyLanguage, string>>;

interface Option {
  id: string;
  text: Wording;
}

/** Where to go on: the first branch that fits the answer wins; without one the next question follows. */
interface Branch {
  atLeast?: number | null;
  atMost?: number | null;
  /** One of these options was chosen. */
  oneOf?: string[] | null;
  /** A later question, or `end`. */
  goto: string;
}

export interface Question {
  id: string;
  kind: QuestionKind;
  text: Wording;
  min?: number | null;
  max?: number | null;
  /** The one answer that counts as the survey's score. */
  scored?: boolean | null;
  required?: boolean | null;
  options?: Option[] | null;
  branches?: Branch[] | null;
}

export interface Definition {
  defaultLanguage: SurveyLanguage;
  questions: Question[];
}

export interface Survey {
  id: string;
  key: string;
  metric: MetricName;
  name: string;
  status: 'active' | 'archived';
  trigger: Trigger | null;
  restDays: number;
  validDays: number;
  delayMinutes: number;
  version: number;
  definition: Definition;
}

export type Trigger = 'order-completed' | 'order-returned' | 'case-resolved';

export type Responses = Record<string, number | string | string[]>;

const END = 'end';
/** Nobody answers more; and a definition stays a small row. */
const MAX_QUESTIONS = 30;
const MAX_OPTIONS = 30;
/** A comment of this length is a letter; more is an attack. */
export const MAX_COMMENT = 5_000;
const MAX_WORDING = 1_000;
const SLUG = /^[a-z0-9][a-z0-9-]{0,59}$/;

/** The scales that the metrics are defined on; other scales make scores that nobody can compare. */
export const SCALES: Record<Exclude<MetricName, 'custom'>, { min: number; max: number }> = {
  nps: { min: 0, max: 10 },
  csat: { min: 1, max: 5 },
  ces: { min: 1, max: 7 },
};

const refuse = (code: string, message: string, path: string[]): never => {
  throw new DomainError(code, message, ['input', ...path]);
};

/** Throws what is wrong with a definition first; what passes can be asked, ends, and gives a score of its metric. */
export function checkDefinition(metric: MetricName, definition: Definition): void {
  const { questions } = definition;
  if (questions.length === 0 || questions.length > MAX_QUESTIONS)
    refuse('QUESTION_COUNT', `A survey has 1 to ${MAX_QUESTIONS} questions, this one has ${questions.length}.`, [
      'questions',
    ]);
  const ids = questions.map((question) => question.id);
  questions.forEach((question, at) => {
    const path = ['questions', String(at)];
    if (!SLUG.test(question.id) || question.id === END || ids.indexOf(question.id) !== at)
      refuse(
        'QUESTION_ID',
        `"${question.id}" can't be a question's id: lower case, digits, hyphens, unique, not "${END}".`,
        path,
      );
    checkWording(definition.defaultLanguage, question.text, [...path, 'text']);
    checkAnswers(definition, question, path);
    for (const branch of question.branches ?? []) {
      if (branch.goto !== END && ids.indexOf(branch.goto) <= at)
        refuse(
          'BRANCH_TARGET',
          `Question "${question.id}" goes to "${branch.goto}", which is no later question.`,
          path,
        );
    }
  });
  checkScore(metric, questions);
}

function checkWording(language: SurveyLanguage, wording: Wording, path: string[]): void {
  if (!wording[language]?.trim())
    refuse('WORDING_MISSING', `The text in the survey's default language (${language}) is missing.`, path);
  for (const [of, text] of Object.entries(wording))
    if (text && text.length > MAX_WORDING)
      refuse(
        'WORDING_TOO_LONG',
        `The ${of} text has ${text.length} characters, at most ${MAX_WORDING} are shown.`,
        path,
      );
}

function checkAnswers({ defaultLanguage }: Definition, question: Question, path: string[]): void {
  if (question.kind === 'scale') {
    const { min, max } = question;
    if (!Number.isInteger(min) || !Number.isInteger(max) || min! >= max!)
      refuse(
        'SCALE',
        `The scale of "${question.id}" goes from ${min} to ${max}; both must be whole and min below max.`,
        path,
      );
  }
  if (question.kind === 'choice' || question.kind === 'multi') {
    const options = question.options ?? [];
    if (options.length < 2 || options.length > MAX_OPTIONS)
      refuse(
        'OPTION_COUNT',
        `"${question.id}" offers ${options.length} options; 2 to ${MAX_OPTIONS} make a choice.`,
        path,
      );
    if (new Set(options.map((option) => option.id)).size !== options.length)
      refuse('OPTION_ID', `"${question.id}" has two options of the same id.`, path);
    options.forEach((option, i) => checkWording(defaultLanguage, option.text, [...path, 'options', String(i)]));
  }
}

function checkScore(metric: MetricName, questions: Question[]): void {
  const scored = questions.filter((question) => question.scored);
  if (metric === 'custom' && scored.length === 0) return;
  const [question] = scored;
  if (scored.length !== 1 || question!.kind !== 'scale')
    return refuse(
      'SCORED_QUESTION',
      `A ${metric} survey has exactly one scored scale question, this one has ${scored.length}.`,
      ['questions'],
    );
  const scale = metric === 'custom' ? question! : SCALES[metric];
  if (question!.min !== scale.min || question!.max !== scale.max)
    refuse(
      'METRIC_SCALE',
      `${metric.toUpperCase()} is asked from ${scale.min} to ${scale.max}, not from ${question!.min} to ${question!.max}.`,
      ['questions'],
    );
}

export const scoredQuestion = ({ questions }: Definition): Question | undefined => questions.find((q) => q.scored);

/** The question after this one, given what was answered to it. */
function nextQuestion(
  { questions }: Definition,
  question: Question,
  response: Responses[string] | undefined,
): Question | null {
  const branch = question.branches?.find((candidate) => fits(candidate, response));
  if (branch?.goto === END) return null;
  const at = branch ? questions.findIndex((q) => q.id === branch.goto) : questions.indexOf(question) + 1;
  return questions[at] ?? null;
}

function fits({ atLeast, atMost, oneOf }: Branch, response: Responses[string] | undefined): boolean {
  if (atLeast == null && atMost == null && oneOf == null) return true;
  if (response === undefined) return false;
  if (oneOf != null) return [response].flat().some((chosen) => oneOf.includes(String(chosen)));
  const value = Number(response);
  return (atLeast == null || value >= atLeast) && (atMost == null || value <= atMost);
}

/** The questions on the way that these answers take; it stops behind the first required one that is unanswered. */
export function pathOf(definition: Definition, responses: Responses): Question[] {
  const path: Question[] = [];
  for (let at: Question | null = definition.questions[0]!; at; at = nextQuestion(definition, at, responses[at.id])) {
    path.push(at);
    if (at.required && responses[at.id] === undefined) break;
  }
  return path;
}

/**
 * Checks answers against the survey and keeps those on the way that they take: who went back and changed her score
 * has not answered the follow-up question of the old one. Throws if a required answer is missing from a complete survey.
 */
export function acceptResponses(definition: Definition, responses: Responses, complete: boolean): Responses {
  for (const [id, response] of Object.entries(responses)) {
    const question = definition.questions.find((q) => q.id === id);
    if (!question) return refuse('UNKNOWN_QUESTION', `The survey has no question "${id}".`, ['responses', id]);
    checkResponse(question, response);
  }
  const path = pathOf(definition, responses);
  const last = path.at(-1)!;
  if (complete && last.required && responses[last.id] === undefined)
    refuse('ANSWER_MISSING', `"${last.id}" must be answered; send complete: false to keep what there is.`, [
      'responses',
      last.id,
    ]);
  return Object.fromEntries(path.filter((q) => responses[q.id] !== undefined).map((q) => [q.id, responses[q.id]!]));
}

function checkResponse(question: Question, response: Responses[string]): void {
  const path = ['responses', question.id];
  const options = new Set((question.options ?? []).map((option) => option.id));
  const chosen = [response].flat().map(String);
  switch (question.kind) {
    case 'scale':
      if (!Number.isInteger(response) || Number(response) < question.min! || Number(response) > question.max!)
        refuse(
          'OUT_OF_SCALE',
          `"${question.id}" takes a whole number from ${question.min} to ${question.max}, not ${short(response)}.`,
          path,
        );
      return;
    case 'text':
      if (typeof response !== 'string' || response.length > MAX_COMMENT)
        refuse('TEXT_EXPECTED', `"${question.id}" takes a text of at most ${MAX_COMMENT} characters.`, path);
      return;
    case 'choice':
      if (chosen.length !== 1 || !options.has(chosen[0]!))
        refuse(
          'UNKNOWN_OPTION',
          `"${question.id}" takes one of ${[...options].join(', ')}, not ${short(response)}.`,
          path,
        );
      return;
    case 'multi':
      if (
        !Array.isArray(response) ||
        chosen.some((option) => !options.has(option)) ||
        new Set(chosen).size !== chosen.length
      )
        refuse(
          'UNKNOWN_OPTION',
          `"${question.id}" takes a list of ${[...options].join(', ')}, not ${short(response)}.`,
          path,
        );
  }
}

const short = (value: unknown): string => JSON.stringify(value).slice(0, 60);

/** The score, or null where it was not given. */
export function scoreOf(definition: Definition, responses: Responses): number | null {
  const question = scoredQuestion(definition);
  const score = question && responses[question.id];
  return typeof score === 'number' ? score : null;
}

/** All that was written by hand. */
export function commentOf(definition: Definition, responses: Responses): string | null {
  const texts = definition.questions.filter((q) => q.kind === 'text').map((q) => responses[q.id]);
  return texts.filter((text) => typeof text === 'string' && text.trim() !== '').join('\n') || null;
}

/** The wording in this language, else in the default one. */
export const wordingIn = (wording: Wording, language: SurveyLanguage | null, fallback: SurveyLanguage): string =>
  (language && wording[language]) || wording[fallback]!;
