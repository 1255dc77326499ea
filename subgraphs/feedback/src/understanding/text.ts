/** Lower case, without accents; what a keyboard in a hurry does to a word should not matter. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replaceAll(/[’`´']/g, '');
}

/** Faces and hands become words of their own, with the weight that every language gives them. */
const SIGNS: [pattern: RegExp, token: string][] = [
  [/[😀😁😂😃😄😅😆😊😍🥰😘😎🤩🙂👍👏🙌❤💖💕💯⭐🌟✨🎉💪👌]|<3|[:;=]-?[)D](?!\w)/gu, ' ☺ '],
  [/[😞😟😠😡🤬😢😭😩😤👎💔😒🙁☹🤮😱]|[:=]-?[(](?!\w)/gu, ' ☹ '],
];

/** A stretch of words between two marks of punctuation; negation does not reach over its end. */
export type Clause = string[];

/** Sentences of clauses of folded words. Letters held down ("muuuuito") are let go. */
export function sentences(text: string): Clause[][] {
  let signed = text;
  for (const [pattern, token] of SIGNS) signed = signed.replace(pattern, token);
  return fold(signed)
    .replaceAll(/([a-z])\1{2,}/g, '$1')
    .split(/[.!?;\n\r…]+/)
    .map((sentence) => sentence.split(/[,:()"«»“”]+/).flatMap((clause) => words(clause)))
    .filter((sentence) => sentence.length > 0);
}

function words(clause: string): Clause[] {
  const tokens = clause.match(/[a-z0-9]+|[☺☹]/g);
  return tokens ? [tokens] : [];
}
