import { unstorableIn } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { readAttributes, readPayload, textOf } from '../customers/attributes.ts';
import { unusablePreferences } from '../customers/preferences.ts';
import { readIdentifiers, sourceIdentifier, type IdentifierType, type Refused } from '../identifiers/identifier.ts';
import { DEFAULT_COUNTRY, normalise } from '../identifiers/normalise.ts';
import type { Observation } from '../resolution/resolve-sightings.ts';

/** A sighting as a caller tells it, before anything is checked. */
export interface ObservationInput {
  identifiers?: readonly { type: IdentifierType; value: string }[] | null;
  profileId?: string | null;
  attributes?: unknown;
  payload?: unknown;
  source?: string | null;
  sourceId?: string | null;
  channel?: string | null;
  occurredAt?: Date | null;
  country?: string | null;
  confidence?: number | null;
}

/** Clocks of tills and telephones run ahead by minutes; what claims to be later than this is wrong, not early. */
export const MAX_CLOCK_SKEW_MS = 5 * 60_000;
/** No retailer's customer history begins before it; an epoch of zero is a missing date. */
const EARLIEST = new Date('1980-01-01T00:00:00Z');
/** A source says nothing of how sure it is: more than a guess, less than her own word. */
const DEFAULT_CONFIDENCE = 0.8;
const SOURCE = /^[\w.\-/ ]{1,60}$/u;
const MAX_SOURCE_ID = 130;

/** Checks one sighting. Identifiers that cannot be read are reported and do not spoil the others. Throws `DomainError`. */
export function readObservation(
  input: ObservationInput,
  now: Date,
  path: string[] = ['input'],
): { observation: Observation; refused: Refused[]; unused: string[] } {
  const attributes = readAttributes(input.attributes, [...path, 'attributes']);
  const country =
    input.country?.toUpperCase() ?? textOf(attributes, 'country').find((c) => c.length === 2) ?? DEFAULT_COUNTRY;
  const { identifiers, refused } = readIdentifiers(input.identifiers ?? [], country);
  const source = readSource(input.source ?? input.channel ?? 'unknown', path);
  const home = input.sourceId ? readHome(source, input.sourceId, path) : undefined;
  if (home && !identifiers.some((i) => i.type === 'source' && i.value === home.value)) identifiers.push(home);
  if (identifiers.length === 0 && !input.profileId && refused.length > 0) {
    const reasons = refused.map((r) => `${r.type}: ${r.reason}`).join('; ');
    throw new DomainError('INVALID_IDENTIFIER', `None of the identifiers can be used. ${reasons}.`, [
      ...path,
      'identifiers',
    ]);
  }
  const observation = {
    identifiers,
    ...(input.profileId && { profileId: input.profileId }),
    ...(home && { home }),
    source,
    sourceId: input.sourceId ?? null,
    channel: input.channel ?? null,
    occurredAt: readInstant(input.occurredAt ?? now, now, [...path, 'occurredAt']),
    givenNames: textOf(attributes, 'givenName'),
    birthDates: textOf(attributes, 'birthDate'),
    attributes,
    confidence: readConfidence(input.confidence, path),
    payload: readPayload(input.payload, [...path, 'payload']),
  };
  return { observation, refused, unused: unusablePreferences(attributes) };
}

/** One item of a batch whose texts can't be stored is refused by itself. Throws `DomainError`. */
export function refuseUnstorable(item: object): void {
  const reason = unstorableIn(item);
  if (reason) throw new DomainError('UNSTORABLE_TEXT', reason);
}

export const warningsOf = (refused: readonly Refused[]): string[] =>
  refused.map(({ type, reason }) => `The ${type} was not used: ${reason}.`);

export function readInstant(at: Date, now: Date, path: string[]): Date {
  if (at.getTime() > now.getTime() + MAX_CLOCK_SKEW_MS) {
    const message = `${at.toISOString()} lies in the future (it is ${now.toISOString()}). Set the clock of the sender and send it again.`;
    throw new DomainError('CLOCK_SKEW', message, path);
  }
  if (at < EARLIEST) {
    throw new DomainError(
      'TOO_LONG_AGO',
      `${at.toISOString()} is before ${EARLIEST.toISOString()}; a date is missing.`,
      path,
    );
  }
  return at > now ? now : at;
}

function readSource(source: string, path: string[]): string {
  if (SOURCE.test(source)) return source;
  const message = `"${source.slice(0, 80)}" is no source name. Use up to 60 letters, digits, spaces, dots, dashes or slashes.`;
  throw new DomainError('INVALID_SOURCE', message, [...path, 'source']);
}

function readHome(source: string, sourceId: string, path: string[]): { type: 'source'; value: string } {
  const read = normalise('source', sourceId, DEFAULT_COUNTRY);
  const reason =
    'refused' in read
      ? read.refused
      : sourceId.length > MAX_SOURCE_ID
        ? `it has more than ${MAX_SOURCE_ID} characters`
        : null;
  if (reason)
    throw new DomainError('INVALID_SOURCE_ID', `The source id cannot be used: ${reason}.`, [...path, 'sourceId']);
  return { ...sourceIdentifier(source, sourceId.trim()), type: 'source' };
}

function readConfidence(confidence: number | null | undefined, path: string[]): number {
  const value = confidence ?? DEFAULT_CONFIDENCE;
  // Rounded: nobody is sure to more than a thousandth, and what is stored cannot hold every small number.
  if (value >= 0 && value <= 1) return Math.round(value * 1_000) / 1_000;
  throw new DomainError('INVALID_CONFIDENCE', `Confidence is a number from 0 to 1, ${value} was given.`, [
    ...path,
    'confidence',
  ]);
}
