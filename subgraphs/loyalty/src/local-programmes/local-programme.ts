import { DomainError } from '@trenza/values';

/** What is set centrally for the programmes of stores. */
export interface GuardRails {
  triggers: readonly string[];
  rewardKinds: readonly string[];
  maxFixed: number;
  maxPerAmount: number;
  maxRewardPoints: number;
  maxDays: number;
  maxBudget: number;
  /** Days on which nothing local runs, both included. */
  closed: readonly { from: string; to: string; why: string }[];
  bannedWords: readonly string[];
}

/** What a store wishes to run. */
export interface Proposal {
  name: string;
  startsAt: Date;
  endsAt: Date;
  budget: number;
  rule?: { trigger: string; effect: 'per-amount' | 'fixed' | 'multiplier'; value: number } | null;
  reward?: { kind: string; points: number; name: string; description: string } | null;
}

const MAX_NAME = 200;
const DAY_MS = 86_400_000;

/** Everything in which a proposal leaves the guard-rails; the first is what the store is told. */
export function refusals(proposal: Proposal, rails: GuardRails, now: Date): DomainError[] {
  const found: DomainError[] = [];
  const no = (field: string, message: string): void =>
    void found.push(new DomainError('OUTSIDE_GUARD_RAILS', message, ['input', field]));
  const { name, startsAt, endsAt, budget, rule, reward } = proposal;
  const days = (endsAt.getTime() - startsAt.getTime()) / DAY_MS;
  if (!rule === !reward) no('rule', 'A local programme is a rule or a reward: give one of them.');
  if (name.trim() === '' || name.length > MAX_NAME) no('name', `A name has 1 to ${MAX_NAME} characters.`);
  if (days <= 0) no('endsAt', 'It ends before it starts.');
  if (days > rails.maxDays) no('endsAt', `It lasts ${Math.ceil(days)} days, and ${rails.maxDays} are allowed.`);
  if (endsAt <= now) no('endsAt', 'It would be over already.');
  if (!Number.isInteger(budget) || budget < 1 || budget > rails.maxBudget)
    no('budget', `A budget is 1 to ${rails.maxBudget} points, not ${budget}.`);
  const closed = rails.closed.find(
    ({ from, to }) => startsAt < new Date(Date.parse(to) + DAY_MS) && endsAt > new Date(from),
  );
  if (closed) no('startsAt', `Nothing local runs from ${closed.from} to ${closed.to}: ${closed.why}.`);
  const words = [name, reward?.name ?? '', reward?.description ?? ''].join(' ').toLowerCase();
  const banned = rails.bannedWords.find((word) => words.includes(word.toLowerCase()));
  if (banned) no('name', `The brand does not say "${banned}".`);
  if (rule) ruleRefusals(rule, rails, no);
  if (reward) rewardRefusals(reward, rails, no);
  return found;
}

type No = (field: string, message: string) => void;

function ruleRefusals({ trigger, effect, value }: NonNullable<Proposal['rule']>, rails: GuardRails, no: No): void {
  if (!rails.triggers.includes(trigger))
    no('rule', `Local rules look at ${rails.triggers.join(', ')}, not at "${trigger}".`);
  const most = effect === 'fixed' ? rails.maxFixed : rails.maxPerAmount;
  if (value > most) no('rule', `A local rule gives ${most} at most, not ${value}.`);
}

function rewardRefusals({ kind, points }: NonNullable<Proposal['reward']>, rails: GuardRails, no: No): void {
  if (!rails.rewardKinds.includes(kind))
    no('reward', `Local rewards are ${rails.rewardKinds.join(', ')}, not ${kind}.`);
  if (points > rails.maxRewardPoints)
    no('reward', `A local reward costs ${rails.maxRewardPoints} points at most, not ${points}.`);
}
