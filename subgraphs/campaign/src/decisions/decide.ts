import type { Channel } from '@trenza/events';
import { isPush } from '../policy/contact-policy.ts';
import { EPSILON, cellKeys, epsilonGreedy, propensity, type Cell } from './bandit.ts';
import type { Candidate } from './candidates.ts';

/** Grows with every change of what is decided how, so that decisions of different policies are never mixed up. */
export const POLICY_VERSION = 'filter-score-explore-2';

/** The order in which a candidate is examined, and in which the reason for its exclusion is told. */
type Stage = 'eligibility' | 'consent' | 'cap' | 'stock' | 'complaint';

export interface Exclusion {
  key: string;
  title: string;
  stage: Stage;
  reason: string;
}

export interface Scored extends Candidate {
  propensity: number;
  score: number;
  /** Probability with which this policy puts it first. */
  probability: number;
  reason: string;
}

/** What holds for all candidates alike. */
export interface Circumstances {
  now: Date;
  channel: Channel;
  /** `unknown`, `prospect`, `active` or `lapsed`: the context in which outcomes are learned. */
  stage: string;
  /** Why personal suggestions must not be made at all (consent), if so. */
  consentRefusal?: string;
  /** Why she must not be contacted in this channel now (caps), if so. */
  capRefusal?: string;
  openCases: number;
  /** Her last answer was a detractor's, and nothing has made up for it since. */
  unhappy: boolean;
  saturation: number;
  cells: ReadonlyMap<string, Cell>;
  /** In [0, 1). */
  random: number;
}

export interface Decision {
  /** The chosen one first, then by score. Never empty: silence is always possible. */
  ranked: Scored[];
  exclusions: Exclusion[];
  explored: boolean;
  reason: string;
}

/** Bought so recently, it is not suggested again. */
const REBUY_DAYS = 60;
const DAY_MS = 86_400_000;

/** What one contact costs in minor units; where she comes to us it costs nothing. */
export const CONTACT_COST: Partial<Record<Channel, number>> = {
  email: 1,
  push: 1,
  sms: 8,
  social: 2,
  'call-centre': 300,
};
/** What it costs, in minor units, to be one contact too many for somebody who has had enough of us. */
const ANNOYANCE = 200;
/** Intent at which a suggestion is half as likely to be taken as it can become. */
const HALF_RELEVANCE = 3;

const SILENCE: Candidate = {
  key: 'silence',
  arm: 'silence',
  kind: 'silence',
  title: 'Silence',
  because: 'Nothing we could say is worth her attention now.',
  value: 0,
};

/** Filter, score, explore. Silence takes part like any other candidate wherever saying something has a price. */
export function decide(candidates: readonly Candidate[], c: Circumstances): Decision {
  const exclusions: Exclusion[] = [];
  const eligible = candidates.filter((candidate) => {
    const refusal = refusalOf(candidate, candidates, c);
    if (refusal) exclusions.push({ key: candidate.key, title: candidate.title, ...refusal });
    return !refusal;
  });
  const recovery = eligible.find((candidate) => candidate.arm === 'recover');
  if (recovery) return only(recovery, exclusions, 'A complaint is open: it is seen to before anything else.');
  if (eligible.length === 0) return only(SILENCE, exclusions, silenceReason(exclusions));
  return explore([...eligible, ...(isPush(c.channel) ? [SILENCE] : [])], exclusions, c);
}

function explore(candidates: readonly Candidate[], exclusions: Exclusion[], c: Circumstances): Decision {
  const scored = candidates.map((candidate) => score(candidate, c));
  const { index, probabilities } = epsilonGreedy(
    scored.map((s) => s.score),
    EPSILON,
    c.random,
  );
  const all = scored.map((s, i) => ({ ...s, probability: probabilities[i]! }));
  const best = Math.max(...all.map((s) => s.score));
  const first = all[index]!;
  const explored = first.score < best;
  const rest = all.filter((s) => s !== first && s.key !== SILENCE.key).sort((a, b) => b.score - a.score);
  return {
    ranked: [first, ...(first.key === SILENCE.key ? [] : rest)],
    exclusions,
    explored,
    reason: explored ? `Tried on purpose to learn from it. ${first.reason}` : first.reason,
  };
}

type Refusal = Pick<Exclusion, 'stage' | 'reason'>;

function refusalOf(candidate: Candidate, all: readonly Candidate[], c: Circumstances): Refusal | undefined {
  if (candidate.arm === 'recover') return undefined;
  return (
    ineligible(candidate, all, c) ??
    (c.consentRefusal && candidate.arm !== 'welcome' ? { stage: 'consent', reason: c.consentRefusal } : undefined) ??
    (c.capRefusal ? { stage: 'cap', reason: c.capRefusal } : undefined) ??
    (candidate.available !== undefined && candidate.available <= 0
      ? { stage: 'stock', reason: `“${candidate.title}” is sold out here.` }
      : undefined) ??
    (c.openCases > 0 ? { stage: 'complaint', reason: 'No offers while a complaint of hers is open.' } : undefined) ??
    (c.unhappy && candidate.kind === 'offer'
      ? { stage: 'complaint', reason: 'No offers to her: her last answer says that she is unhappy with us.' }
      : undefined)
  );
}

function ineligible(candidate: Candidate, all: readonly Candidate[], c: Circumstances): Refusal | undefined {
  const refuse = (reason: string): Refusal => ({ stage: 'eligibility', reason });
  if (candidate.channels && !candidate.channels.includes(c.channel)) return refuse(`It is not made for ${c.channel}.`);
  const owned = candidate.boughtAt;
  if (owned && c.now.getTime() - owned.getTime() < REBUY_DAYS * DAY_MS)
    return refuse(`She bought it on ${owned.toISOString().slice(0, 10)}.`);
  if (candidate.arm === 'welcome' && isPush(c.channel)) return refuse('Nobody is written to only to be welcomed.');
  if (candidate.arm === 'welcome' && all.some(isPersonal)) return refuse('We know better what she looks for.');
  if (candidate.strength !== undefined && candidate.strength <= 0)
    return refuse('She shows no interest in it (any more).');
  return undefined;
}

const isPersonal = (candidate: Candidate): boolean => (candidate.strength ?? 0) > 0 || candidate.arm === 'recover';

function score(candidate: Candidate, c: Circumstances): Scored {
  if (candidate.key === SILENCE.key)
    return { ...candidate, propensity: 1, score: 0, probability: 0, reason: SILENCE.because };
  const cells = cellKeys(candidate.arm, c.channel, c.stage).map((key) => c.cells.get(key));
  const relevance =
    candidate.strength === undefined ? 1 : (2 * candidate.strength) / (candidate.strength + HALF_RELEVANCE);
  const p = Math.min(1, propensity(cells) * relevance);
  const cost = isPush(c.channel) ? (CONTACT_COST[c.channel] ?? 0) + ANNOYANCE * c.saturation : 0;
  const known = cells[0]?.shown ? ` ${cells[0].taken} of ${cells[0].shown} such suggestions were taken up.` : '';
  return {
    ...candidate,
    propensity: p,
    score: p * candidate.value - cost,
    probability: 0,
    reason: `${candidate.because}${known}`,
  };
}

const only = (candidate: Candidate, exclusions: Exclusion[], why: string): Decision => ({
  ranked: [
    {
      ...candidate,
      propensity: 1,
      score: 0,
      probability: 1,
      reason: candidate.key === SILENCE.key ? why : candidate.because,
    },
  ],
  exclusions,
  explored: false,
  reason: candidate.key === SILENCE.key ? why : `${why} ${candidate.because}`,
});

/** Tells a silence by what excluded most. */
function silenceReason(exclusions: readonly Exclusion[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of exclusions) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [top] = [...counts].sort((a, b) => b[1] - a[1]);
  return top ? `Silence: ${top[0]}` : SILENCE.because;
}
