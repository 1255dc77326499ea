import { IDENTIFIER_TYPES, type IdentifierType } from './identifier-types.ts';
import { normalise } from './normalise.ts';

export { IDENTIFIER_TYPES, type IdentifierType } from './identifier-types.ts';

/** An identifier in its one normal form: two spellings of the same mailbox are equal strings. */
export interface Identifier {
  type: IdentifierType;
  value: string;
}

/** What a type of identifier is by nature. How strong it is and how many one may have is a setting: `IdentifierRule`. */
export interface IdentifierNature {
  /** A record of its own in some system: an unknown one opens a profile of its own, which keeps an unmerge exact. */
  naming: boolean;
  /** Belongs to a thing rather than to a person: it is no proof of who is holding it. */
  weak: boolean;
  /** Often used by several people of one household or one office: links only people who do not contradict each other. */
  shareable: boolean;
}

export const NATURE: Record<IdentifierType, IdentifierNature> = {
  user: { naming: true, weak: false, shareable: false },
  source: { naming: true, weak: false, shareable: false },
  till: { naming: true, weak: false, shareable: false },
  card: { naming: false, weak: false, shareable: false },
  email: { naming: false, weak: false, shareable: false },
  phone: { naming: false, weak: false, shareable: true },
  social: { naming: false, weak: false, shareable: false },
  device: { naming: false, weak: true, shareable: true },
  cookie: { naming: false, weak: true, shareable: true },
};

/** As an admin set it, see the table `identifier_rule`. */
export interface IdentifierRule {
  /** 1 is the strongest. The strongest known identifier of a sighting says whose sighting it is. */
  priority: number;
  /** How many one customer may have within the window; what goes beyond does not link. */
  limit: number;
  /** Days in which `limit` counts; null counts all of them. */
  windowDays: number | null;
}
export type IdentifierRules = Readonly<Record<IdentifierType, IdentifierRule>>;

export const keyOf = ({ type, value }: Identifier): string => `${type}:${value}`;

/** The order of the types: it never changes, so the same sighting is written in the same way at any time. */
const byType = (x: Identifier, y: Identifier): number =>
  IDENTIFIER_TYPES.indexOf(x.type) - IDENTIFIER_TYPES.indexOf(y.type);

/** The strongest first, as the rules say; what is equally strong, in the order of the types. */
export const byPriority =
  (rules: IdentifierRules) =>
  (x: Identifier, y: Identifier): number =>
    rules[x.type].priority - rules[y.type].priority || byType(x, y);

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
  return { identifiers: [...found.values()].toSorted(byType), refused };
}
