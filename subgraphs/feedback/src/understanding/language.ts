import { LEXICA } from './lexicon/lexica.ts';
import type { Language } from './lexicon/lexicon.ts';
import { fold } from './text.ts';

const LANGUAGES = Object.keys(LEXICA) as Language[];

/** Letters that only one of the three uses. */
const LETTERS: [Language, RegExp][] = [
  ['es', /[ñ¿¡]/i],
  ['pt', /[ãõçêôâ]/i],
];
const LETTER_WEIGHT = 3;
/** An opinion word counts a little: a verdict of one word has no little words. */
const OPINION_WEIGHT = 0.75;
/** Two hundred words tell a language as well as two thousand. */
const MAX_TEXT = 1_500;

/** Spanish, English or Portuguese, by the words that only one of them has; Spanish where nothing tells. */
export function detectLanguage(text: string): Language {
  const cut = text.slice(0, MAX_TEXT);
  const scores: Record<Language, number> = { es: 0, en: 0, pt: 0 };
  for (const word of fold(cut).match(/[a-z]+/g) ?? []) {
    const marked = onlyOne((language) => LEXICA[language].isMark(word));
    const opinion = onlyOne((language) => LEXICA[language].weightOf(word) !== 0 || LEXICA[language].isExpected(word));
    if (marked) scores[marked] += 1;
    if (opinion) scores[opinion] += OPINION_WEIGHT;
  }
  for (const [language, letters] of LETTERS) if (letters.test(cut)) scores[language] += LETTER_WEIGHT;
  return LANGUAGES.reduce((best, language) => (scores[language] > scores[best] ? language : best));
}

function onlyOne(has: (language: Language) => boolean): Language | undefined {
  const found = LANGUAGES.filter(has);
  return found.length === 1 ? found[0] : undefined;
}
