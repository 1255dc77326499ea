import type { Language } from './lexicon/lexicon.ts';
import { sentimentOf } from './sentiment.ts';
import { type Theme, themesOf } from './topics.ts';

/** What was understood of a free text. This, never the text, may leave the subgraph. */
export interface Understanding {
  /** Null where no word told how the text feels. */
  sentiment: number | null;
  language: Language | null;
  themes: Theme[];
}

const NOTHING_SAID: Understanding = { sentiment: null, language: null, themes: [] };

export function understand(text: string | null | undefined, hint?: string | null): Understanding {
  if (!text?.trim()) return NOTHING_SAID;
  const { score, language, evidence } = sentimentOf(text, hint);
  return { sentiment: evidence > 0 ? score : null, language, themes: themesOf(text, language) };
}
