import { sql } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { evaluatePolicy, type Logged } from './off-policy.ts';
import type { PolicyEvaluation, PolicyEvaluationInput } from './policy-evaluation.type.ts';

/** A log longer than this answers no better; the newest decisions count. */
const MAX_DECISIONS = 100_000;

/** Only what of each candidate the policies look at leaves the database. Care is no suggestion and has nothing to compare. */
const LOG = `
  select case when o.taken then 1 else 0 end as reward, d.probability, d.action,
         jsonb_path_query_array(d.candidates, '$[*].key') as keys, jsonb_path_query_array(d.candidates, '$[*].arm') as arms,
         jsonb_path_query_array(d.candidates, '$[*].score') as scores
    from decision d join decision_outcome o on o.decision_id = d.id
   where d.decided_at >= $1 and d.decided_at < $2 and ($3::text is null or d.channel = $3) and d.arm <> 'recover'
   order by d.decided_at desc limit ${MAX_DECISIONS}`;

interface LogRow {
  reward: number;
  probability: number;
  action: string;
  keys: string[];
  arms: string[];
  scores: number[];
}

export async function comparePolicies(db: DataSource, input: PolicyEvaluationInput): Promise<PolicyEvaluation> {
  const rows = await sql<LogRow>(db, LOG, [input.from, input.to, input.channel ?? null]);
  const result = evaluatePolicy(
    rows.map((row): Logged => ({ reward: row.reward, probability: row.probability, target: targetOf(row, input) })),
  );
  const none = { logged: null, value: null, low: null, high: null };
  return result.kind === 'refused'
    ? { ...none, decisions: rows.length, effective: result.effective, refusal: result.reason }
    : { ...result.estimate, refusal: null };
}

/** Probability with which the other policy would have put the logged action first. */
function targetOf({ action, keys, arms, scores }: LogRow, { policy, arm }: PolicyEvaluationInput): number {
  if (policy === 'uniform') return 1 / keys.length;
  const preferred = policy === 'prefer' ? keys.filter((_, i) => arms[i] === arm) : [];
  const among = preferred.length > 0 ? preferred : keys;
  const best = among.reduce((a, b) => (scores[keys.indexOf(b)]! > scores[keys.indexOf(a)]! ? b : a));
  return best === action ? 1 : 0;
}
