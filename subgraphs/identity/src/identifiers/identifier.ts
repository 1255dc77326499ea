import type { IdentifierType } from './identifier-types.ts';
import { normalise } from './normalise.ts';

export { IDENTIFIER_TYPES, type IdentifierType } from './identifier-types.ts';

/** An identifier in its one normal form: two spellings of the same mailbox are equal strings. */
export interface Identifier {
  type: IdentifierType;
  value: string;
}

export interface IdentifierRule {
  /** 1 is the strongest. The strongest known identifier of a sighting says whose sighting it is. */
  priority: number;
  /** A record of its own in some system: an unknown one opens a profile of its own, which keeps an unmerge exact. */
  naming: boolean;
  /** Belongs to a thing rather than to a person: it is no proof of who is holding it. */
  weak: boolean;
  /** Often used by several people of one household or one office: links only people who do not contradict each other. */
  shareable: boolean;
  /** How many one customer may have within the window; what goes beyond does not link. */
  limit: number;
  /** Days in which `limit` counts; null counts all of them. */
  windowDays: number | null;
}

/**
 * Limits follow what customer data platforms publish as safe defaults: one login ever, one card ever (a replaced card is told
 * by `alias`), five mailboxes or phones a year. Cookies are generous because private windows make many.
 */
export const RULES: Record<IdentifierType, IdentifierRule> = {
  user: { priority: 1, naming: true, weak: false, shareable: false, limit: 1, windowDays: null },
  source: { priority: 2, naming: true, weak: false, shareable: false, limit: 50, windowDays: null },
  till: { priority: 3, naming: true, weak: false, shareable: false, limit: 5, windowDays: null },
  card: { priority: 4, naming: false, weak: false, shareable: false, limit: 1, windowDays: null },
  email: { priority: 5, naming: false, weak: false, shareable: false, limit: 5, windowDays: 365 },
  phone: { priority: 6, naming: false, weak: false, shareable: true, limit: 5, windowDays: 365 },
  social: { priority: 7, naming: false, weak: false, shareable: false, limit: 10, windowDays: null },
  device: { priority: 8, naming: false, weak: true, shareable: true, limit: 20, windowDays: 90 },
  cookie: { priority: 9, naming: false, weak: true, shareable: true, limit: 20, windowDays: 7 },
};

export const keyOf = ({ type, value }: Identifier): string => `${type}:${value}`;

export const byPriority = (x: Identifier, y: Identifier): number => RULES[x.type].priority - RULES[y.type].priority;

/** Who a record of a source is, as an identifier: `till-madrid:4711`. */
export const sourceIdentifier = (source: string, sourceId: string): Identifier => ({
  type: 'source',
  value: `${source}:${sourceId}`,
});

/** More than any honest sighting carries; a longer list is a mistake or an attack. */
export const MAX_IDENTIFIERS_PER_SIGHTING = 20;

export interface Refused {
  type: IdentifierType;
  reason: string;
}

/** Sorts what came in into normal identifiers and refused ones; the same identifier twice counts once. */
export function readIdentifiers(
  raw: readonly { type: IdentifierType; value: string }[],
  country: string,
): { identifiers: Identifier[]; refused: Refused[] } {
  const found = new Map<string, Identifier>();
  const refused: Refused[] = [];
  for (const { type, value } of raw.slice(0, MAX_IDENTIFIERS_PER_SIGHTING)) {
    const result = normalise(type, value, country);
    if ('refused' in result) refused.push({ type, reason: result.refused });
    else found.set(`${type}:${result.value}`, { type, value: result.value });
  }
  for (const { type } of raw.slice(MAX_IDENTIFIERS_PER_SIGHTING)) {
    refused.push({ type, reason: `only the first ${MAX_IDENTIFIERS_PER_SIGHTING} identifiers of a sighting are read` });
  }
  return { identifiers: [...found.values()].toSorted(byPriority), refused };
}
