import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { customer } from '../customers/customer.type.ts';
import { Product, reference, Store } from '../facts/catalogue.type.ts';
import type { Exclusion, Scored } from './decide.ts';
import type { DecisionExplanation, DecisionOutcome, ExplanationStep, NextBestAction } from './decision.type.ts';

const DECISION = `
  select d.*, coalesce(c.customer_id, d.profile_id) as customer_id, o.taken, o.value, o.source, o.at as outcome_at
    from decision d
    left join customer_profile c on c.profile_id = d.profile_id
    left join decision_outcome o on o.decision_id = d.id
   where d.id = $1`;

interface DecisionRow {
  id: string;
  profile_id: string;
  customer_id: string;
  channel: string;
  explored: boolean;
  policy_version: string;
  reason: string;
  candidates: Scored[];
  exclusions: Exclusion[];
  circumstances: Circumstances;
  decided_at: Date;
  taken: boolean | null;
  value: number;
  source: string;
  outcome_at: Date;
}

interface Circumstances {
  intents: { kind: string; topic: string; strength: number; lastAt: string }[];
  openCases: number;
  saturation: number;
  consentRefusal?: string;
  capRefusal?: string;
}

/** Signals beyond these weigh little and say little. */
const MAX_SIGNALS_TOLD = 5;

export async function explainDecision(ctx: Context, id: string): Promise<DecisionExplanation | null> {
  const [row] = await sql<DecisionRow>(ctx.database, DECISION, [id]);
  if (!row) return null;
  const candidates = actionsOf(row.id, row.candidates);
  const outcome =
    row.taken === null ? null : { taken: row.taken, value: row.value, source: row.source, at: row.outcome_at };
  return {
    id: row.id,
    customer: customer(row.customer_id),
    channel: row.channel,
    decidedAt: row.decided_at,
    policyVersion: row.policy_version,
    explored: row.explored,
    summary: row.reason,
    steps: stepsOf(row, outcome),
    chosen: candidates[0]!,
    candidates,
    exclusions: row.exclusions.map(({ key, ...e }) => ({ action: key, ...e })),
    circumstances: row.circumstances,
    outcome,
  };
}

export const actionsOf = (decisionId: string, ranked: readonly Scored[]): NextBestAction[] =>
  ranked.map((s, i) => ({
    decisionId,
    rank: i + 1,
    kind: s.kind,
    action: s.key,
    title: s.title,
    reason: s.reason,
    propensity: s.propensity,
    value: s.value,
    score: s.score,
    probability: s.probability,
    product: reference(Product, s.productId),
    store: reference(Store, s.storeId),
    caseId: s.caseId ?? null,
    cartId: s.cartId ?? null,
    offerId: s.offerId ?? null,
  }));

/** The way from what she did to what was done, in sentences. */
function stepsOf(row: DecisionRow, outcome: DecisionOutcome | null): ExplanationStep[] {
  const { circumstances: c, candidates, exclusions } = row;
  const at = row.decided_at;
  const chosen = candidates[0]!;
  const signals = c.intents.slice(0, MAX_SIGNALS_TOLD).map((i) => ({
    stage: 'signal',
    text: `She was drawn to ${i.topic.replace(':', ' ')} with a strength of ${i.strength.toFixed(1)} (${i.kind}).`,
    at: i.lastAt ? new Date(i.lastAt) : null,
  }));
  const total = candidates.length + exclusions.length;
  return [
    ...(signals.length > 0
      ? signals
      : [{ stage: 'signal', text: 'Nothing she did told what she looks for.', at: null }]),
    ...exclusions.map((e) => ({ stage: 'filter', text: `“${e.title}” was excluded (${e.stage}): ${e.reason}`, at })),
    {
      stage: 'score',
      text: `${candidates.length} of ${total} candidates took part; “${chosen.title}” scored ${chosen.score.toFixed(1)}, being a chance of ${(100 * chosen.propensity).toFixed(1)} % of ${chosen.value} minor units.`,
      at,
    },
    {
      stage: 'choice',
      text: `${row.policy_version} put “${chosen.title}” first, which it does with probability ${chosen.probability.toFixed(3)}${row.explored ? ', this time to learn from it' : ''}.`,
      at,
    },
    ...(outcome
      ? [
          {
            stage: 'outcome',
            text: outcome.taken
              ? `She took it up (told by ${outcome.source}).`
              : `She did not take it up (told by ${outcome.source}).`,
            at: outcome.at,
          },
        ]
      : []),
  ];
}
