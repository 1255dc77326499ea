/**
 * Intent: how strongly somebody is drawn to a topic now. Strength halves with every half-life and grows by the weight of each
 * signal, so one row per (profile, kind, topic) holds a whole history, and signals may arrive in any order.
 */
export const INTENT_KINDS = ['behavioural', 'event', 'affinity', 'transactional'] as const;
export type IntentKind = (typeof INTENT_KINDS)[number];

const DAY_SECONDS = 86_400;

/** A visit to a page says what she wants this week, an order what she is like this season. */
export const HALF_LIFE_SECONDS: Record<IntentKind, number> = {
  behavioural: 3 * DAY_SECONDS,
  event: 14 * DAY_SECONDS,
  affinity: 45 * DAY_SECONDS,
  transactional: 90 * DAY_SECONDS,
};

/** Topics come from outside (searched words, categories): longer ones are cut, or the key of the row would have no bound. */
const MAX_TOPIC_LENGTH = 200;

export interface Signal {
  eventId: string;
  profileId: string;
  kind: IntentKind;
  /** `product:<id>`, `category:<name>`, `store:<id>`, `search:<words>`. */
  topic: string;
  weight: number;
  at: Date;
}

/** Strength of a topic after decay from `lastAt` to `now`; a signal from the future counts in full. */
export const strengthAt = (strength: number, halfLifeSeconds: number, lastAt: Date, now: Date): number =>
  strength * 2 ** (-Math.max(0, now.getTime() - lastAt.getTime()) / 1_000 / halfLifeSeconds);

export interface IntentChange {
  profileId: string;
  kind: IntentKind;
  topic: string;
  /** Strength that these signals add, seen at `lastAt`. */
  strength: number;
  lastAt: Date;
}

/** Folds signals into one change per (profile, kind, topic), so that a batch writes each row once. */
export function foldSignals(signals: readonly Signal[]): IntentChange[] {
  const changes = new Map<string, IntentChange>();
  for (const { profileId, kind, topic, weight, at } of signals) {
    const key = `${profileId} ${kind} ${topic}`;
    const known = changes.get(key);
    const change = { profileId, kind, topic, strength: weight, lastAt: at };
    changes.set(key, known ? { ...change, ...addStrength(HALF_LIFE_SECONDS[kind], known, change) } : change);
  }
  return [...changes.values()];
}

interface Strength {
  strength: number;
  lastAt: Date;
}

/** The sum of two strengths, each decayed to the later of their instants: commutative, hence blind to the order of arrival. */
export function addStrength(halfLifeSeconds: number, a: Strength, b: Strength): Strength {
  const lastAt = a.lastAt > b.lastAt ? a.lastAt : b.lastAt;
  const seen = (s: Strength) => strengthAt(s.strength, halfLifeSeconds, s.lastAt, lastAt);
  return { strength: seen(a) + seen(b), lastAt };
}

export const topicOf = (type: 'product' | 'category' | 'store' | 'search', value: string): string =>
  `${type}:${value}`.slice(0, MAX_TOPIC_LENGTH);
