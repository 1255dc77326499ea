import { accuracyOf } from '../../subgraphs/feedback/src/understanding/accuracy.ts';
import { sentimentOf } from '../../subgraphs/feedback/src/understanding/sentiment.ts';
import { corpora, isHeldOut, type Labelled } from './feedback/corpora.ts';
import { atLeast, figure, type Figure, type Group } from './harness.ts';

/**
 * How well the offline scorer understands Spanish, English and Portuguese. The lexica were written by hand; mistakes were looked at in one
 * half of each corpus, and these figures are of the other half, which nobody looked at. Neutral ratings (3 stars) are left out of the two-class
 * figures, and are a class of their own in the three-class ones. `against` is what always saying the most frequent class gets.
 */
const measure: Group = async (say) => {
  const found = corpora();
  if (found.length === 0) say('skipped: the data sets are not at TRENZA_DATA_SETS (default ../shared/data)');
  const figures = found.flatMap(({ name, read }) => {
    const texts = read().filter(({ text }) => isHeldOut(text));
    say(`${name}: ${texts.length} held-out texts`);
    return [...twoClasses(name, texts), ...threeClasses(name, texts), languages(name, texts)];
  });
  return found.length === 0 ? figures : [...figures, speed(found.flatMap(({ read }) => read()))];
};
export default measure;

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Positive or negative by the sign; a text of which nothing was understood counts as positive, as most texts are. */
function twoClasses(name: string, texts: Labelled[]): Figure[] {
  const judged = texts
    .filter(({ truth }) => truth !== 'neutral')
    .map(({ text, language, truth }) => ({
      truth,
      said: sentimentOf(text, language).score >= 0 ? 'positive' : 'negative',
    }));
  const { accuracy, macroF1, majority } = accuracyOf(judged);
  return [
    figure(`feedback.sentiment.${name}.accuracy`, {
      value: rounded(accuracy),
      unit: 'of 1',
      against: rounded(majority),
      aim: atLeast('ratio', 1),
    }),
    figure(`feedback.sentiment.${name}.macro-f1`, {
      value: rounded(macroF1),
      unit: 'of 1',
      aim: atLeast('value', 0.75),
    }),
  ];
}

function threeClasses(name: string, texts: Labelled[]): Figure[] {
  if (!texts.some(({ truth }) => truth === 'neutral')) return [];
  const judged = texts.map(({ text, language, truth }) => ({ truth, said: sentimentOf(text, language).label }));
  const { accuracy, macroF1, majority } = accuracyOf(judged);
  return [
    figure(`feedback.sentiment.${name}.three-class.accuracy`, {
      value: rounded(accuracy),
      unit: 'of 1',
      against: rounded(majority),
    }),
    figure(`feedback.sentiment.${name}.three-class.macro-f1`, { value: rounded(macroF1), unit: 'of 1' }),
  ];
}

function languages(name: string, texts: Labelled[]): Figure {
  const judged = texts.map(({ text, language }) => ({ truth: language, said: sentimentOf(text).language }));
  return figure(`feedback.language.${name}.accuracy`, {
    value: rounded(accuracyOf(judged).accuracy),
    unit: 'of 1',
    aim: atLeast('value', 0.95),
  });
}

function speed(texts: Labelled[]): Figure {
  const began = performance.now();
  for (const { text } of texts) sentimentOf(text);
  return figure('feedback.sentiment.speed', {
    value: Math.round((texts.length / (performance.now() - began)) * 1_000),
    unit: 'texts/s',
  });
}
