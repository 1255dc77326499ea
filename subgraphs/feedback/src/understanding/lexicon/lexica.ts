import { compile, type CompiledLexicon } from './compile.ts';
import { english } from './english.ts';
import type { Language } from './lexicon.ts';
import { portuguese } from './portuguese.ts';
import { spanish } from './spanish.ts';

export const LEXICA: Record<Language, CompiledLexicon> = {
  es: compile(spanish),
  en: compile(english),
  pt: compile(portuguese),
};
