import { CHANNELS } from '@trenza/events';
import { isTimeZone } from '@trenza/values';
import type { AttributeValue } from './attributes.ts';

/** What a preference has to look like so that messaging can follow it, in words and as a test. */
interface Form {
  expected: string;
  fits: (value: unknown) => boolean;
}

const LANGUAGE = /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}$/i;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

const FORMS: Readonly<Record<string, Form>> = {
  preferredChannel: {
    expected: `one of ${CHANNELS.join(', ')}`,
    fits: (value) => (CHANNELS as readonly unknown[]).includes(value),
  },
  language: {
    expected: 'a code such as es or pt-BR',
    fits: (value) => typeof value === 'string' && value.length <= 20 && LANGUAGE.test(value),
  },
  timeZone: {
    expected: 'a name such as Europe/Madrid',
    fits: (value) => typeof value === 'string' && isTimeZone(value),
  },
  quietHours: {
    expected: '{ "from": "21:00", "to": "08:00" }',
    fits: (value) => {
      const { from, to } = (value ?? {}) as { from?: unknown; to?: unknown };
      return typeof from === 'string' && typeof to === 'string' && TIME.test(from) && TIME.test(to);
    },
  },
};

/** Whether a value can be followed; of attributes that are no preferences any can. */
export const isUsable = (name: string, value: unknown): boolean => FORMS[name]?.fits(value) ?? true;

/** What was said of how to speak to her and cannot be followed. It is kept like every attribute, and told to whoever said it. */
export const unusablePreferences = (attributes: readonly AttributeValue[]): string[] =>
  attributes
    .filter(({ name, value }) => !isUsable(name, value))
    .map(({ name }) => `The ${name} was kept and is not used: expected ${FORMS[name]!.expected}.`);
