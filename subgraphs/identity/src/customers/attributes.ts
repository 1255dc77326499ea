import { createHash } from 'node:crypto';
import { DomainError } from '@trenza/values';
import { fold } from '../matching/strings.ts';

/** More is not a description of a person but somebody's database. */
export const MAX_ATTRIBUTES = 100;
/** A value is a word or a small object; documents belong elsewhere. */
export const MAX_ATTRIBUTE_BYTES = 8_192;
/** The free-form part of one sighting. */
export const MAX_PAYLOAD_BYTES = 65_536;

export const ATTRIBUTE_NAME = /^[a-zA-Z][a-zA-Z0-9_.-]{0,59}$/;
const NAMES = new Set(['givenName', 'familyName', 'fullName']);

/** One value that a source gave for an attribute. */
export interface AttributeValue {
  name: string;
  value: unknown;
  hash: string;
  /** What people search by: only names have it. */
  folded: string | null;
}

/** Checks the attributes of a sighting. Empty values say nothing and are left out. Throws `DomainError`. */
export function readAttributes(attributes: unknown, path: string[] = ['input', 'attributes']): AttributeValue[] {
  if (attributes === null || attributes === undefined) return [];
  if (typeof attributes !== 'object' || Array.isArray(attributes)) {
    throw new DomainError('INVALID_ATTRIBUTES', 'Attributes are an object such as { "givenName": "Ana" }.', path);
  }
  const entries = Object.entries(attributes as Record<string, unknown>);
  if (entries.length > MAX_ATTRIBUTES) {
    throw new DomainError(
      'TOO_MANY_ATTRIBUTES',
      `${entries.length} attributes were given, at most ${MAX_ATTRIBUTES} are stored.`,
      path,
    );
  }
  return entries.flatMap(([name, value]) => {
    const clean = typeof value === 'string' ? value.normalize('NFC').trim() : value;
    return clean === null || clean === undefined || clean === '' ? [] : [readAttribute(name, clean, path)];
  });
}

function readAttribute(name: string, value: unknown, path: string[]): AttributeValue {
  if (!ATTRIBUTE_NAME.test(name)) {
    const message = `"${name.slice(0, 80)}" is no attribute name. Use a letter and up to 59 letters, digits, dots, dashes or underscores.`;
    throw new DomainError('INVALID_ATTRIBUTE_NAME', message, path);
  }
  const json = JSON.stringify(value);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_ATTRIBUTE_BYTES) {
    const message = `Attribute "${name}" has ${bytes} bytes, at most ${MAX_ATTRIBUTE_BYTES} are stored. Store the document elsewhere and keep its address here.`;
    throw new DomainError('ATTRIBUTE_TOO_LARGE', message, [...path, name]);
  }
  const folded = NAMES.has(name) && typeof value === 'string' ? fold(value) : null;
  return { name, value, hash: hashOf(json), folded };
}

/** Checks the free-form part of a sighting. */
export function readPayload(payload: unknown, path: string[] = ['input', 'payload']): unknown {
  const bytes = payload === undefined || payload === null ? 0 : Buffer.byteLength(JSON.stringify(payload));
  if (bytes <= MAX_PAYLOAD_BYTES) return payload ?? null;
  throw new DomainError(
    'PAYLOAD_TOO_LARGE',
    `The payload has ${bytes} bytes, at most ${MAX_PAYLOAD_BYTES} are stored.`,
    path,
  );
}

/** Tells values apart within one attribute of one source; 64 bits are plenty for that. */
export const hashOf = (json: string): string => createHash('sha256').update(json).digest('hex').slice(0, 16);

export const textOf = (attributes: readonly AttributeValue[], name: string): string[] =>
  attributes.flatMap((a) => (a.name === name && typeof a.value === 'string' ? [a.value] : []));
