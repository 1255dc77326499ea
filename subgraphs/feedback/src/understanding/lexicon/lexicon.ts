export type Language = 'es' | 'en' | 'pt';

/**
 * What a language's words say about satisfaction in a shop. All is written folded: lower case, without accents.
 * `stem*` stands for every word that begins so; an exact word wins over a stem, a longer stem over a shorter one.
 */
export interface Lexicon {
  language: Language;
  /** Weight (−3 … 3) and its words. */
  words: [weight: number, words: string][];
  /** Several words that mean something else together than alone; one per line. Weight 0 makes them mean nothing. */
  phrases: [weight: number, phrases: string][];
  /** What a shopper takes for granted: saying that it happened means little, saying that it did not means a lot. */
  expected: string;
  negators: string;
  intensifiers: string;
  diminishers: string;
  /** After these the speaker says what she really thinks. */
  contrasts: string;
  /** Very common words which the other two languages do not have: they tell the language. */
  marks: string;
}
