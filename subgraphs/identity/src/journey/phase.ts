import { OURS } from './ours.ts';

export const PHASES = ['consider', 'evaluate', 'buy', 'experience'] as const;
export type Phase = (typeof PHASES)[number];

/** What a kind of contact says about where she is, and how loudly. A kind that is not here says little: she looks around. */
const SAYS: Record<string, [Phase, number]> = {
  page_view: ['consider', 1],
  search: ['consider', 2],
  ad_click: ['consider', 2],
  message_opened: ['consider', 1],
  message_clicked: ['consider', 2],
  share: ['experience', 2],
  product_viewed: ['evaluate', 2],
  product_compared: ['evaluate', 3],
  store_visit: ['evaluate', 3],
  wishlist_added: ['evaluate', 3],
  availability_checked: ['evaluate', 3],
  cart_changed: ['buy', 3],
  cart_abandoned: ['evaluate', 2],
  checkout_started: ['buy', 4],
  order_placed: ['buy', 6],
  points_held: ['buy', 3],
  order_completed: ['experience', 8],
  order_fulfilled: ['experience', 6],
  order_returned: ['experience', 5],
  survey_answered: ['experience', 4],
  review_written: ['experience', 4],
  review_received: ['experience', 4],
  case_opened: ['experience', 5],
  case_changed: ['experience', 2],
  points_earned: ['experience', 1],
  points_redeemed: ['experience', 2],
  tier_changed: ['experience', 2],
};
const ELSE: [Phase, number] = ['consider', 0.5];

/** After three days a sign says half as much: people decide on most purchases within a week. */
const HALF_LIFE_MS = 3 * 86_400_000;

export interface Evidence {
  kind: string;
  occurredAt: Date;
}

export interface PhaseVerdict {
  phase: Phase;
  /** The share of this phase in all evidence, 0 to 1. */
  confidence: number;
  since: Date;
  /** The kinds that decided, the strongest first. */
  because: string[];
}

const MAX_REASONS = 3;

const isHers = ({ kind }: Evidence): boolean => kind in SAYS || !OURS.includes(kind);

/** Where she is on her way, from what she did lately. Null where nothing is known of her. */
export function phaseOf(evidence: readonly Evidence[], now: Date): PhaseVerdict | null {
  const signs = evidence.filter(isHers).map(({ kind, occurredAt }) => {
    const [phase, weight] = SAYS[kind] ?? ELSE;
    const age = Math.max(0, now.getTime() - occurredAt.getTime());
    return { kind, occurredAt, phase, weight: weight * 2 ** (-age / HALF_LIFE_MS) };
  });
  if (signs.length === 0) return null;
  const total = (phase: Phase): number => signs.reduce((sum, s) => (s.phase === phase ? sum + s.weight : sum), 0);
  // Equal evidence: the later phase, because she passed through the earlier one on her way.
  const phase = PHASES.reduce((best, next) => (total(next) >= total(best) ? next : best));
  const deciding = signs.filter((s) => s.phase === phase).toSorted((x, y) => y.weight - x.weight);
  const all = signs.reduce((sum, s) => sum + s.weight, 0);
  return {
    phase,
    confidence: all === 0 ? 0 : total(phase) / all,
    since: deciding.reduce((first, s) => (s.occurredAt < first ? s.occurredAt : first), deciding[0]!.occurredAt),
    because: [...new Set(deciding.map((s) => s.kind))].slice(0, MAX_REASONS),
  };
}
