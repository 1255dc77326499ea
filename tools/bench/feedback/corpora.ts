import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { Language } from '../../../subgraphs/feedback/src/understanding/lexicon/lexicon.ts';

export interface Labelled {
  text: string;
  language: Language;
  truth: 'positive' | 'neutral' | 'negative';
}

export interface Corpus {
  name: string;
  read: () => Labelled[];
}

type Row = Record<string, string>;

const DATA = process.env['TRENZA_DATA_SETS'] ?? join(__dirname, '..', '..', '..', '..', 'shared', 'data');
const fileOf = (name: string): string => join(DATA, name);

function rows(file: string, delimiter: string): Row[] {
  return parse(gunzipSync(readFileSync(fileOf(file))), {
    columns: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: delimiter === '\t',
    bom: true,
  });
}

const ofStars = (stars: number): Labelled['truth'] => (stars > 3 ? 'positive' : stars < 3 ? 'negative' : 'neutral');

const labelled = (language: Language, text: string, truth: Labelled['truth']): Labelled => ({
  text: text.trim(),
  language,
  truth,
});

const FILES: (Corpus & { file: string })[] = [
  {
    name: 'sfu-es',
    file: 'feedback/sfu_reviews_es.csv.gz',
    read: () =>
      rows('feedback/sfu_reviews_es.csv.gz', ',').map((r) =>
        labelled('es', r['Texto']!, r['sentimiento'] === 'yes' ? 'positive' : 'negative'),
      ),
  },
  {
    name: 'alexa-en',
    file: 'feedback/amazon_alexa_en.tsv.gz',
    read: () =>
      rows('feedback/amazon_alexa_en.tsv.gz', '\t').map((r) =>
        labelled('en', r['verified_reviews']!, ofStars(Number(r['rating']))),
      ),
  },
  {
    name: 'olist-pt',
    file: 'olist/olist_order_reviews_dataset.csv.gz',
    read: () =>
      rows('olist/olist_order_reviews_dataset.csv.gz', ',').map((r) =>
        labelled(
          'pt',
          `${r['review_comment_title']}. ${r['review_comment_message']}`.replace(/^\. /, ''),
          ofStars(Number(r['review_score'])),
        ),
      ),
  },
];

/** The corpora that are on this machine; texts of fewer than three letters say nothing and are left out. */
export const corpora = (): Corpus[] =>
  FILES.filter(({ file }) => existsSync(fileOf(file))).map(({ name, read }) => ({
    name,
    read: () => read().filter(({ text }) => /\p{L}{3}/u.test(text)),
  }));

/** Which half a text belongs to is fixed by the text itself (FNV-1a), so that the lexicon could be written looking at one half only. */
export function isHeldOut(text: string): boolean {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return ((hash >>> 16) & 1) === 1;
}
