export const PURPOSES = ['marketing', 'personalisation', 'analytics', 'survey', 'loyalty'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What somebody said about one purpose, in one channel or (null) in all. */
export interface Statement {
  id: string;
  profileId: string;
  /** The profiles that were hers when she said it. */
  scope: readonly string[];
  purpose: Purpose;
  channel: string | null;
  granted: boolean;
  wordingVersion: string;
  source: string;
  givenVia: string;
  recordedBy: string;
  occurredAt: Date;
  recordedAt: Date;
}

/** What holds for a customer, and the statement that decides it. */
export interface Effective {
  purpose: Purpose;
  channel: string | null;
  granted: boolean;
  decidedBy: Statement;
}

/**
 * What holds for the customer made of these profiles. For each profile its last word counts, and only words of her own profiles are
 * heard; one refusal outweighs any number of grants. So a merge never widens what was allowed, and after an unmerge each is
 * back at what she herself said; a statement made while they were one replaces those before it in all profiles of that time.
 */
export function effectiveConsents(statements: readonly Statement[], profileIds: readonly string[]): Effective[] {
  const hers = new Set(profileIds);
  const heard = statements.filter((s) => hers.has(s.profileId));
  const byTopic = Map.groupBy(heard, (s) => `${s.purpose}|${s.channel ?? ''}`);
  return [...byTopic.values()].map((about) => decide(about, profileIds));
}

function decide(about: readonly Statement[], profileIds: readonly string[]): Effective {
  const latestFirst = about.toSorted(later);
  const lastWords = profileIds.flatMap(
    (id) => latestFirst.find((s) => s.profileId === id || s.scope.includes(id)) ?? [],
  );
  const decidedBy = lastWords.find((s) => !s.granted) ?? lastWords.toSorted(later)[0]!;
  return { purpose: decidedBy.purpose, channel: decidedBy.channel, granted: decidedBy.granted, decidedBy };
}

/** The last word first. Two at the same instant: the refusal is later, then the newer record. */
const later = (x: Statement, y: Statement): number =>
  y.occurredAt.getTime() - x.occurredAt.getTime() || Number(x.granted) - Number(y.granted) || (x.id < y.id ? 1 : -1);
