/** One value of an attribute as one source gave it, once or more often. */
export interface Candidate {
  name: string;
  value: unknown;
  hash: string;
  source: string;
  confidence: number;
  firstAt: Date;
  lastAt: Date;
  times: number;
  profileId: string;
}

export type Strategy = 'recent' | 'frequent' | 'trusted' | 'confident';

export interface SurvivorshipRule {
  strategy: Strategy;
  /** For `trusted`: the most trusted source first; sources that are not named come last. */
  sources?: readonly string[];
}

/** How people move: addresses and phones change, birth dates do not, so the value most often said is the true one. */
export const DEFAULT_RULES: Record<string, SurvivorshipRule> = {
  birthDate: { strategy: 'frequent' },
  givenName: { strategy: 'frequent' },
  familyName: { strategy: 'frequent' },
  gender: { strategy: 'frequent' },
};
const OTHERWISE: SurvivorshipRule = { strategy: 'recent' };

export interface Golden {
  name: string;
  winner: Candidate;
  /** Every other value, the best first. Nothing is thrown away. */
  losers: Candidate[];
  strategy: Strategy;
}

type Order = (x: Candidate, y: Candidate) => number;

/** The winning value of each attribute. The same candidates give the same winner in whatever order they arrive. */
export function survivors(
  candidates: readonly Candidate[],
  rules: Readonly<Record<string, SurvivorshipRule>> = DEFAULT_RULES,
): Golden[] {
  const byName = Map.groupBy(candidates, (c) => c.name);
  return [...byName]
    .toSorted(([x], [y]) => (x < y ? -1 : 1))
    .map(([name, values]) => {
      const rule = rules[name] ?? OTHERWISE;
      const [winner, ...losers] = distinct(values.toSorted(order(rule, values)));
      return { name, winner: winner!, losers, strategy: rule.strategy };
    });
}

function order(rule: SurvivorshipRule, values: readonly Candidate[]): Order {
  if (rule.strategy === 'frequent') {
    const times = new Map<string, number>();
    for (const { hash, times: n } of values) times.set(hash, (times.get(hash) ?? 0) + n);
    return (x, y) => times.get(y.hash)! - times.get(x.hash)! || recent(x, y);
  }
  if (rule.strategy === 'trusted') {
    const rank = (c: Candidate): number => {
      const index = (rule.sources ?? []).indexOf(c.source);
      return index === -1 ? Infinity : index;
    };
    return (x, y) => (rank(x) === rank(y) ? recent(x, y) : rank(x) - rank(y));
  }
  if (rule.strategy === 'confident') return (x, y) => y.confidence - x.confidence || recent(x, y);
  return recent;
}

/** Ties are broken by what the value is, never by who came first into the list. */
const recent: Order = (x, y) =>
  y.lastAt.getTime() - x.lastAt.getTime() ||
  y.confidence - x.confidence ||
  compare(x.hash, y.hash) ||
  compare(x.source, y.source) ||
  compare(x.profileId, y.profileId);

const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

/** The same value from two sources is one value; the better witness stands for it. */
function distinct(sorted: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return sorted.filter(({ hash }) => !seen.has(hash) && seen.add(hash));
}
