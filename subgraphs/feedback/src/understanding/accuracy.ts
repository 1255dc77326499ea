/** How often a classifier is right, and how well it does on each class whatever its share. */
export interface Accuracy {
  n: number;
  accuracy: number;
  macroF1: number;
  /** What always saying the most frequent class would have got. */
  majority: number;
}

export interface Judged {
  truth: string;
  said: string;
}

export function accuracyOf(judged: Judged[]): Accuracy {
  const classes = [...new Set(judged.map((j) => j.truth))];
  const count = (of: (j: Judged) => boolean): number => judged.filter(of).length;
  const f1 = classes.map((c) => {
    const hits = count((j) => j.truth === c && j.said === c);
    const wrong = count((j) => (j.truth === c) !== (j.said === c));
    return hits === 0 ? 0 : (2 * hits) / (2 * hits + wrong);
  });
  const n = judged.length;
  return {
    n,
    accuracy: count((j) => j.truth === j.said) / n,
    macroF1: f1.reduce((a, b) => a + b, 0) / classes.length,
    majority: Math.max(...classes.map((c) => count((j) => j.truth === c))) / n,
  };
}
