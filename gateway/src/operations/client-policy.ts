import { stripIgnoredCharacters } from 'graphql';
import type { Manifest } from './manifest.ts';

/**
 * `open`: any operation, and automatic persisted queries. `log`: the same, and what is not on the list is reported: the way to
 * find out what a safelist would break. `safelist`: nothing but what is on the list.
 */
export const MODES = ['open', 'log', 'safelist'] as const;
export type Mode = (typeof MODES)[number];

export interface ClientPolicy {
  mode: Mode;
  /** Safelist only: an operation's text is not taken, not even one on the list. */
  requireId: boolean;
  manifest: Manifest;
  /** The texts on the list, without spaces and comments. */
  texts: ReadonlySet<string>;
}

export const createPolicy = (mode: Mode, requireId: boolean, manifest: Manifest): ClientPolicy => ({
  mode,
  requireId,
  manifest,
  texts: new Set([...manifest.values()].map(bareText)),
});

/** Two texts that differ in nothing that matters are one; a text that is not GraphQL is itself. */
export function bareText(text: string): string {
  try {
    return stripIgnoredCharacters(text);
  } catch {
    return text;
  }
}
