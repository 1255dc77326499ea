import { detectLanguage } from './language.ts';
import type { CompiledLexicon } from './lexicon/compile.ts';
import { LEXICA } from './lexicon/lexica.ts';
import type { Language } from './lexicon/lexicon.ts';
import { type Clause, sentences } from './text.ts';

export interface Sentiment {
  /** −1 (furious) to 1 (delighted). */
  score: number;
  label: 'positive' | 'neutral' | 'negative';
  language: Language;
  /** How many words or phrases spoke; 0 means that nothing was understood. */
  evidence: number;
}

/** Longer texts are cut: what is said after ten thousand characters changes no verdict. */
export const MAX_TEXT = 10_000;
/** Scores nearer to zero than this are called neutral. */
const NEUTRAL = 0.1;
/** Total weight at which a score reaches 0.7: about one strong and one weak word. */
const HALF_WAY = 4;
/** How many words a negation reaches: "no me ha gustado nada" needs four. */
const NEGATION_REACH = 4;
const NEGATED_PRAISE = -0.9;
const NEGATED_BLAME = -0.5;
const EXPECTED_MISSING = -2.5;
const EXPECTED_MET = 0.2;
/** People praise by habit and blame for a reason: without a thumb on the scale long texts come out too friendly. */
const BLAME = 1.2;
const INTENSIFIED = 1.4;
const DIMINISHED = 0.5;
const BEFORE_CONTRAST = 0.6;
const AFTER_CONTRAST = 1.3;

/** How a text feels, judged word by word; the language is told by the caller or found out. Deterministic, no network, no model file. */
export function sentimentOf(text: string, hint?: string | null): Sentiment {
  const cut = text.slice(0, MAX_TEXT);
  const language = languageOf(cut, hint);
  const found = sentences(cut).flatMap((sentence) => weigh(sentence, LEXICA[language]));
  const score = scoreOf(found);
  return { score, label: labelOf(score), language, evidence: found.length };
}

/** Many weights make one score between −1 and 1. */
export function scoreOf(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + (weight < 0 ? weight * BLAME : weight), 0);
  const score = total / Math.sqrt(total * total + HALF_WAY * HALF_WAY);
  return Math.round(score * 1_000) / 1_000;
}

function labelOf(score: number): Sentiment['label'] {
  if (score > NEUTRAL) return 'positive';
  return score < -NEUTRAL ? 'negative' : 'neutral';
}

const isLanguage = (value: string): value is Language => value in LEXICA;

/** `es`, `es-MX` and `ES_es` are all Spanish; another language, or none, is guessed from the words. */
export function languageOf(text: string, hint?: string | null): Language {
  const given = hint?.slice(0, 2).toLowerCase() ?? '';
  return isLanguage(given) ? given : detectLanguage(text);
}

/** The weights that a sentence carries; what stands before a "but" counts less than what comes after it. */
export function weigh(sentence: Clause[], lexicon: CompiledLexicon): number[] {
  const found: number[] = [];
  let contrasted = false;
  for (const clause of sentence) {
    let negatedUntil = -1;
    for (let at = 0; at < clause.length;) {
      const word = clause[at]!;
      const phrase = lexicon.phraseAt(clause, at);
      if (phrase) {
        if (phrase.weight !== 0) found.push(modified(phrase.weight, clause, at, negatedUntil, lexicon));
        at += phrase.length;
        continue;
      }
      if (lexicon.contrasts.has(word)) {
        contrasted = true;
        negatedUntil = -1;
        for (let i = 0; i < found.length; i++) found[i]! *= BEFORE_CONTRAST;
      }
      const weight = lexicon.weightOf(word) || signOf(word);
      const said = weight
        ? modified(weight, clause, at, negatedUntil, lexicon)
        : expectation(word, at <= negatedUntil, lexicon);
      if (said !== 0) found.push(contrasted ? said * AFTER_CONTRAST : said);
      if (lexicon.negators.has(word)) negatedUntil = at + NEGATION_REACH;
      at++;
    }
  }
  return found;
}

const SIGNS: Record<string, number> = { '☺': 2.5, '☹': -2.5 };
const signOf = (word: string): number => SIGNS[word] ?? 0;

function expectation(word: string, negated: boolean, lexicon: CompiledLexicon): number {
  if (!lexicon.isExpected(word)) return 0;
  return negated ? EXPECTED_MISSING : EXPECTED_MET;
}

/** A weight after the words before it had their say. */
function modified(weight: number, clause: Clause, at: number, negatedUntil: number, lexicon: CompiledLexicon): number {
  let result = weight;
  for (const before of [clause[at - 1], clause[at - 2]]) {
    if (before === undefined) continue;
    if (lexicon.intensifiers.has(before)) result *= INTENSIFIED;
    else if (lexicon.diminishers.has(before)) result *= DIMINISHED;
  }
  if (at <= negatedUntil) result *= weight > 0 ? NEGATED_PRAISE : NEGATED_BLAME;
  return result;
}
