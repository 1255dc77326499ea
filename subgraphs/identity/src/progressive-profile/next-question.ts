/** Something we would like to know of everybody. */
export interface Question {
  field: string;
  reason: string;
  value: number;
  es: string;
  en: string;
  pt: string;
}

/** What she was asked in one of her profiles. */
export interface Asked {
  field: string;
  askedAt: Date;
  refusedAt: Date | null;
}

/** Sooner is pestering. */
const ASK_AGAIN_DAYS = 30;
const DAY_MS = 86_400_000;

/** The share of the worth of all questions whose answer is there: 0 to 1. */
export function completenessOf(questions: readonly Question[], held: ReadonlySet<string>): number {
  const worth = (list: readonly Question[]): number => list.reduce((sum, { value }) => sum + value, 0);
  return questions.length === 0 ? 1 : worth(questions.filter((q) => held.has(q.field))) / worth(questions);
}

/** The missing answer that is worth the most, never one that she refused nor one for which she was asked lately. */
export function nextQuestion(
  questions: readonly Question[],
  held: ReadonlySet<string>,
  asked: readonly Asked[],
  now: Date,
): Question | null {
  const recently = now.getTime() - ASK_AGAIN_DAYS * DAY_MS;
  const spared = new Set(
    asked.filter((a) => a.refusedAt !== null || a.askedAt.getTime() > recently).map((a) => a.field),
  );
  const open = questions.filter(({ field }) => !held.has(field) && !spared.has(field));
  return open.toSorted((x, y) => y.value - x.value || (x.field < y.field ? -1 : 1))[0] ?? null;
}
