import type { Role } from '@trenza/auth';
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import type { IdentifierType } from '../identifiers/identifier-types.ts';
import { DEFAULT_COUNTRY } from '../identifiers/normalise.ts';

/** Who writes to her, corrects her data or speaks for her, and she herself. Everybody else needs to know who she is, not where she lives. */
const SEES_CONTACT = new Set<string>(['care', 'admin', 'service', 'customer'] satisfies Role[]);

export const seesContact = (role: string): boolean => SEES_CONTACT.has(role);

const HIDDEN = '***';
/** Enough to tell two numbers of one person apart, too few to call one. */
const LAST_DIGITS = 3;

const last = (text: string): string => `${HIDDEN}${text.length > 2 * LAST_DIGITS ? text.slice(-LAST_DIGITS) : ''}`;

function mailbox(text: string): string {
  const at = text.lastIndexOf('@');
  return at < 1 ? HIDDEN : `${String.fromCodePoint(text.codePointAt(0)!)}${HIDDEN}${text.slice(at)}`;
}

/** An identifier as those see it who may recognise it and not use it: `a***@example.com`, `***678`. */
export function maskIdentifier(type: IdentifierType, value: string): string {
  if (type === 'email') return mailbox(value);
  if (type === 'phone' || type === 'card' || type === 'till') return last(value);
  if (type === 'social') return `${value.slice(0, value.indexOf(':') + 1)}${HIDDEN}`;
  // A login is often a mailbox; a cookie, a device or a number of another system tells a person nothing.
  return type === 'user' && value.includes('@') ? mailbox(value) : HIDDEN;
}

const BIRTH = /^(?:birth|dob$|dateofbirth)/i;
const ADDRESS = /^(?:street|address|postaladdress|housenumber)/i;
const MAILBOX = /[^\s@"<>(),;:]+@[^\s@"<>(),;:]+\.[^\s@"<>(),;:.]{2,}/gu;
const NUMBERS = /\+?\d[\d\s().-]{6,20}\d/g;

/** What an attribute says to those who do not see contact data: no address, no number; of her birthday the day, or for figures the year. */
export function maskAttribute(name: string, value: unknown, role: string): unknown {
  if (BIRTH.test(name)) return birthday(value, role);
  if (ADDRESS.test(name)) return HIDDEN;
  return maskText(value, role);
}

/** Hides mailboxes and telephone numbers wherever they stand in a free-form value. */
export function maskText(value: unknown, role: string): unknown {
  if (typeof value === 'string')
    return value.replaceAll(MAILBOX, mailbox).replaceAll(NUMBERS, (text) => (isPhone(text) ? last(text) : text));
  if (typeof value === 'number') return isPhone(String(value)) ? last(String(value)) : value;
  if (Array.isArray(value)) return value.map((inner) => maskText(inner, role));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskAttribute(key, inner, role)]));
}

const isPhone = (text: string): boolean =>
  parsePhoneNumberFromString(text, DEFAULT_COUNTRY as CountryCode)?.isValid() ?? false;

/** Whoever serves her may wish her a happy birthday; whoever counts needs her age. Neither needs the whole date. */
function birthday(value: unknown, role: string): string | null {
  const date = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})/.exec(value) : null;
  if (!date) return null;
  return role === 'associate' ? `--${date[2]}-${date[3]}` : date[1]!;
}
