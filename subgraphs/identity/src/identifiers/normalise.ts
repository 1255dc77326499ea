import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import type { IdentifierType } from './identifier-types.ts';

type Normalised = { value: string } | { refused: string };

/** Whose telephone numbers are meant where nobody says a country. */
export const DEFAULT_COUNTRY = process.env['TRENZA_COUNTRY'] ?? 'ES';

/** RFC 5321 allows 254 for a mailbox; nothing else that identifies is longer than 200. */
const MAX_EMAIL = 254;
const MAX_VALUE = 200;

/** What systems write when they have nothing to write. It would make one customer of everybody. */
const NOTHING = /^(?:[0\-._\s]*|-1|null|undefined|none|nil|n\/?a|nan|unknown|anonymous|anon|guest)$/i;
/** What people type when they have to fill in a field. A system's own numbers may well look like this, so they are not asked. */
const FILLER = /^(?:1|test|default|1234567(?:8(?:90?)?)?|(.)\1{5,})$/i;
const NUMBERED = new Set<IdentifierType>(['user', 'source', 'till']);
/** Mailboxes that stand for nobody: shared by a till or made up by a clerk who has to fill in the field. */
const BLOCKED_MAILBOX = /^(?:no-?reply|none|noemail|no-?mail|sin-?(?:correo|email)|test|nobody|na|anonymous)@/;
const BLOCKED_DOMAIN = /@(?:test\.com|.+\.(?:invalid|localhost))$/;

/** One mailbox, whatever the spelling: Google reads neither dots nor what follows a plus sign. */
const GOOGLE = new Set(['gmail.com', 'googlemail.com']);

/** Brings an identifier into its one normal form, or says in a sentence why it identifies nobody. */
export function normalise(type: IdentifierType, raw: string, country: string): Normalised {
  const text = raw.normalize('NFKC').trim();
  if (text.length > (type === 'email' ? MAX_EMAIL : MAX_VALUE)) {
    return { refused: `a ${type} of ${text.length} characters is too long; at most ${MAX_VALUE} are read` };
  }
  // A blocked value is no secret of a person, so it may stand in the message.
  if (NOTHING.test(text) || (!NUMBERED.has(type) && FILLER.test(text)))
    return { refused: `"${text}" is a placeholder and identifies nobody` };
  if (type === 'email') return email(text);
  if (type === 'phone') return phone(text, country);
  if (type === 'card') return card(text);
  if (type === 'social') return social(text);
  if (type === 'till') return { value: text.toUpperCase().replaceAll(/\s+/g, '') };
  return { value: text };
}

function email(text: string): Normalised {
  const match = /^([^\s@"<>()[\],;:\\]+)@([^\s@]+\.[^\s@.]{2,})$/u.exec(text.toLowerCase());
  if (!match) return { refused: 'it is no e-mail address; expected name@domain.tld' };
  let [, box = '', domain = ''] = match;
  if (GOOGLE.has(domain)) {
    box = box.replace(/\+.*$/, '').replaceAll('.', '');
    domain = 'gmail.com';
  }
  const value = `${box}@${domain}`;
  if (BLOCKED_MAILBOX.test(value) || BLOCKED_DOMAIN.test(value)) {
    return { refused: 'the mailbox is a placeholder and identifies nobody' };
  }
  return { value };
}

function phone(text: string, country: string): Normalised {
  if (!isSupportedCountry(country))
    return { refused: `"${country}" is no ISO 3166 country code, so the number cannot be read` };
  const international = text.replace(/^00(?=\d)/, '+');
  const parsed = parsePhoneNumberFromString(international, country satisfies CountryCode);
  if (!parsed?.isValid())
    return { refused: `it is no valid telephone number in ${country}; give it with +country code` };
  return { value: parsed.number };
}

/** Thirteen digits are an EAN, fourteen and more follow Luhn; shorter or lettered cards have no common check digit. */
const EAN_LENGTH = 13;
function card(text: string): Normalised {
  const value = text.toUpperCase().replaceAll(/[\s\-.]/g, '');
  if (!/^[A-Z0-9]{3,40}$/.test(value)) return { refused: 'a card number has 3 to 40 letters and digits' };
  if (!/^\d+$/.test(value) || value.length < EAN_LENGTH) return { value };
  const holds = value.length === EAN_LENGTH ? ean(value) || luhn(value) : luhn(value);
  return holds ? { value } : { refused: 'the check digit of the card number is wrong; a digit was misread' };
}

const weightedSum = (digits: string, weigh: (digit: number, fromRight: number) => number): number =>
  Array.from(digits)
    .toReversed()
    .reduce((sum, digit, index) => sum + weigh(Number(digit), index), 0);

const ean = (digits: string): boolean => weightedSum(digits, (d, i) => (i % 2 === 1 ? d * 3 : d)) % 10 === 0;

const luhn = (digits: string): boolean =>
  weightedSum(digits, (d, i) => (i % 2 === 1 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d)) % 10 === 0;

/** `network:handle`, as in `instagram:ana.garcia`: the same handle elsewhere is somebody else. */
function social(text: string): Normalised {
  const match = /^([a-z]{2,20}):@?(\S{1,100})$/.exec(text.toLowerCase());
  if (!match) return { refused: 'a social account is written network:handle, such as instagram:ana.garcia' };
  return { value: `${match[1]}:${match[2]}` };
}
