import { type Clause, fold } from '../text.ts';
import type { Lexicon } from './lexicon.ts';

/** A lexicon made ready for look-ups. */
export interface CompiledLexicon {
  weightOf(word: string): number;
  /** The longest phrase that begins here. */
  phraseAt(clause: Clause, at: number): Phrase | undefined;
  isExpected(word: string): boolean;
  /** One of the little words that tell this language. */
  isMark(word: string): boolean;
  negators: Set<string>;
  intensifiers: Set<string>;
  diminishers: Set<string>;
  contrasts: Set<string>;
}

interface Phrase {
  weight: number;
  length: number;
}

/** Stems shorter than this would match by accident. */
const MIN_STEM = 3;

const list = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Words and stems with one value each. */
class WordMap {
  private readonly exact = new Map<string, number>();
  private readonly stems = new Map<string, number>();

  add(words: string, value: number): void {
    for (const word of list(words)) {
      if (word.endsWith('*')) this.stems.set(fold(word.slice(0, -1)), value);
      else this.exact.set(fold(word), value);
    }
  }

  get(word: string): number {
    const exact = this.exact.get(word);
    if (exact !== undefined) return exact;
    for (let length = word.length; length >= MIN_STEM; length--) {
      const stem = this.stems.get(word.slice(0, length));
      if (stem !== undefined) return stem;
    }
    return 0;
  }
}

/** Words and stems to look for, without values. */
export class StemSet {
  private readonly words = new WordMap();

  constructor(words: string) {
    this.words.add(words, 1);
  }

  has(word: string): boolean {
    return this.words.get(word) === 1;
  }
}

export function compile(lexicon: Lexicon): CompiledLexicon {
  const words = new WordMap();
  for (const [weight, text] of lexicon.words) words.add(text, weight);
  const expected = new StemSet(lexicon.expected);
  const marks = new Set(list(lexicon.marks));
  const phrases = phrasesByFirstWord(lexicon);
  return {
    weightOf: (word) => words.get(word),
    isExpected: (word) => expected.has(word),
    isMark: (word) => marks.has(word),
    phraseAt: (clause, at) =>
      phrases.get(clause[at]!)?.find(({ tokens }) => tokens.every((t, i) => clause[at + i] === t)),
    negators: new Set(list(lexicon.negators)),
    intensifiers: new Set(list(lexicon.intensifiers)),
    diminishers: new Set(list(lexicon.diminishers)),
    contrasts: new Set(list(lexicon.contrasts)),
  };
}

function phrasesByFirstWord(lexicon: Lexicon): Map<string, (Phrase & { tokens: string[] })[]> {
  const byFirst = new Map<string, (Phrase & { tokens: string[] })[]>();
  for (const [weight, text] of lexicon.phrases) {
    for (const line of text.split('\n')) {
      const tokens = list(fold(line));
      if (tokens.length === 0) continue;
      const first = byFirst.get(tokens[0]!) ?? [];
      first.push({ weight, length: tokens.length, tokens });
      byFirst.set(tokens[0]!, first);
    }
  }
  for (const first of byFirst.values()) first.sort((a, b) => b.length - a.length);
  return byFirst;
}
