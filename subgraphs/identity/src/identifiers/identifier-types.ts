/** The kinds of identifiers, the strongest first. */
export const IDENTIFIER_TYPES = [
  'user',
  'source',
  'till',
  'card',
  'email',
  'phone',
  'social',
  'device',
  'cookie',
] as const;
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];
