import { inTransaction, sql } from '@trenza/database';
import { event, newId, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { createHash } from 'node:crypto';
import type { Context } from '@trenza/subgraph';
import { consentFor } from '../policy/consent.ts';
import { isPush, saturation } from '../policy/contact-policy.ts';
import { judge, standingsOf, type Standing } from '../policy/standing.ts';
import type { Cell } from './bandit.ts';
import { candidatesFor, languageOf, type Offer } from './candidates.ts';
import { decide, POLICY_VERSION, type Decision, type Scored } from './decide.ts';
import { loadCells, loadKnown, loadOffers, type DecisionKey, type KnownRow } from './load-known.ts';

/** Within this time, and as long as nothing new is known of her, the answer stays: a page that is reloaded is one decision. */
const STICKY_MINUTES = 30;
/** Longer without an order, she counts as lapsed. */
const LAPSED_DAYS = 180;
/** An unhappy answer that is older says nothing of today; until then only a happier one or a settled complaint makes up for it. */
const UNHAPPY_DAYS = 90;
/** Candidates beyond this are not logged: the best ones and the chosen one always are. */
const MAX_LOGGED = 50;

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

export interface NextBestActionKey extends DecisionKey {
  channel: Channel;
}

export interface Answer {
  decisionId: string;
  decidedAt: Date;
  policyVersion: string;
  reason: string;
  ranked: Scored[];
}

/** Batch function of `ctx.load`: one answer per key. All customers of a channel are decided together, and logged before anyone is told. */
export async function nextBestActions(keys: readonly NextBestActionKey[], ctx: Context): Promise<Answer[]> {
  const answers = new Map<NextBestActionKey, Answer>();
  for (const group of groupsOfDistinctCustomers(keys)) {
    const made = await decideGroup(group, ctx);
    group.forEach((key, i) => answers.set(key, made[i]!));
  }
  return keys.map((key) => answers.get(key)!);
}

/** One channel and each customer once per group; asking for two places of one customer makes two groups. */
function groupsOfDistinctCustomers(keys: readonly NextBestActionKey[]): NextBestActionKey[][] {
  const groups: { channel: Channel; ids: Set<string>; keys: NextBestActionKey[] }[] = [];
  for (const key of keys) {
    let group = groups.find((g) => g.channel === key.channel && !g.ids.has(key.customerId));
    if (!group) groups.push((group = { channel: key.channel, ids: new Set(), keys: [] }));
    group.ids.add(key.customerId);
    group.keys.push(key);
  }
  return groups.map((g) => g.keys);
}

async function decideGroup(keys: readonly NextBestActionKey[], ctx: Context): Promise<Answer[]> {
  const now = ctx.now();
  const channel = keys[0]!.channel;
  const [known, standings, offers] = await Promise.all([
    loadKnown(ctx.database, keys, channel, now),
    standingsOf(
      ctx.database,
      keys.map((k) => k.customerId),
      now,
    ),
    loadOffers(ctx.database, now),
  ]);
  const judged = keys.map((key) => {
    const row = known.get(key.customerId)!;
    const standing = standings.get(key.customerId)!;
    const fingerprint = fingerprintOf(key, row, standing, offers, now);
    return { key, row, standing, fingerprint, earlier: stillGood(row, fingerprint, now) };
  });
  // What was learned is needed only for those who are decided anew.
  const cells = judged.every(({ earlier }) => earlier) ? new Map() : await loadCells(ctx.database, channel);
  const fresh: Made[] = [];
  const answers = judged.map(({ earlier, ...about }) => {
    if (earlier) return earlier;
    const made = make({
      ...about,
      offers,
      cells,
      now,
      profileId: ctx.caller.profileId ?? about.row.customer_id,
    });
    fresh.push(made);
    return made.answer;
  });
  if (fresh.length > 0) await log(ctx, fresh, now);
  return answers;
}

interface Made {
  answer: Answer;
  decision: Decision;
  key: NextBestActionKey;
  row: KnownRow;
  stage: string;
  fingerprint: string;
  profileId: string;
  circumstances: Record<string, unknown>;
}

interface Making {
  key: NextBestActionKey;
  row: KnownRow;
  standing: Standing;
  offers: readonly Offer[];
  cells: ReadonlyMap<string, Cell>;
  fingerprint: string;
  now: Date;
  profileId: string;
}

function make({ key, row, standing, offers, cells, fingerprint, now, profileId }: Making): Made {
  const { channel } = key;
  const stage = stageOf(row, now);
  const refusals = refusalsOf(standing, channel, now);
  const full = saturation(now, standing.past, standing.caps);
  const candidates = candidatesFor({
    intents: withContext(row, key),
    products: row.products.map(({ available, boughtAt, ...p }) => ({
      ...p,
      ...(available !== null && { available }),
      ...(boughtAt && { boughtAt: new Date(boughtAt) }),
    })),
    cases: standing.openCases.map((c) => ({
      ...c,
      severity: c.severity ?? 'unknown',
      reason: c.reason ?? 'no reason told',
    })),
    ...(row.cart && { cart: row.cart }),
    offers,
    language: languageOf(standing.language),
  });
  const openCases = standing.openCases.length;
  const unhappy = isUnhappy(row, now);
  const decision = decide(candidates, {
    now,
    channel,
    stage,
    ...refusals,
    openCases,
    unhappy,
    saturation: full,
    cells,
    random: Math.random(),
  });
  const answer = {
    decisionId: newId(),
    decidedAt: now,
    policyVersion: POLICY_VERSION,
    reason: decision.reason,
    ranked: decision.ranked,
  };
  const circumstances = {
    ...refusals,
    openCases,
    unhappy,
    saturation: full,
    intents: row.intents,
    cart: row.cart,
    context: key,
  };
  return { answer, decision, key, row, stage, fingerprint, profileId, circumstances };
}

/** What she looks at this very moment is an intent too, though no event told it yet. */
function withContext(row: KnownRow, key: NextBestActionKey): KnownRow['intents'] {
  const looking = [key.productId && `product:${key.productId}`, key.category && `category:${key.category}`].filter(
    (topic): topic is string => !!topic,
  );
  return [...row.intents, ...looking.map((topic) => ({ kind: 'behavioural', topic, strength: 1, lastAt: '' }))];
}

function refusalsOf(standing: Standing, channel: Channel, now: Date): { consentRefusal?: string; capRefusal?: string } {
  if (consentFor(standing.consents, 'personalisation', channel) === 'refused')
    return { consentRefusal: 'She refused personal suggestions.' };
  if (!isPush(channel)) return {};
  const verdict = judge(now, standing, channel, 'marketing');
  if (verdict.decision === 'allow' || verdict.rule === 'open-case') return {};
  return verdict.rule === 'cap' || verdict.rule === 'quiet-hours'
    ? { capRefusal: verdict.reason }
    : { consentRefusal: verdict.reason };
}

const isUnhappy = ({ attitude, attitude_at: at, settled_at: settled }: KnownRow, now: Date): boolean =>
  attitude === 'detractor' &&
  at !== null &&
  now.getTime() - at.getTime() < UNHAPPY_DAYS * DAY_MS &&
  (settled === null || settled < at);

function stageOf(row: KnownRow, now: Date): string {
  if (row.last_order_at)
    return now.getTime() - row.last_order_at.getTime() < LAPSED_DAYS * DAY_MS ? 'active' : 'lapsed';
  return row.intents.length > 0 ? 'prospect' : 'unknown';
}

/** Changes when something that the decision depends on changes, not with the mere passing of time. */
function fingerprintOf(
  key: NextBestActionKey,
  row: KnownRow,
  standing: Standing,
  offers: readonly Offer[],
  now: Date,
): string {
  const parts = [
    POLICY_VERSION,
    [key.storeId, key.productId, key.category],
    row.intents.map((i) => `${i.kind} ${i.topic} ${i.lastAt}`).sort(),
    row.products.map((p) => [p.productId, p.price, p.boughtAt, p.available === null ? null : p.available > 0]),
    row.cart,
    standing.openCases.map((c) => c.caseId).sort(),
    isUnhappy(row, now),
    standing.consents.map((c) => `${c.profileId} ${c.purpose} ${c.channel} ${c.granted}`).sort(),
    standing.past.length,
    [...standing.suppressed],
    offers.map((o) => [o.offerId, o.value]),
  ];
  return createHash('sha1').update(JSON.stringify(parts)).digest('base64url');
}

function stillGood({ latest }: KnownRow, fingerprint: string, now: Date): Answer | undefined {
  if (!latest || latest.fingerprint !== fingerprint) return undefined;
  const decidedAt = new Date(latest.decidedAt);
  if (now.getTime() - decidedAt.getTime() > STICKY_MINUTES * MINUTE_MS) return undefined;
  const { id, policyVersion, reason, candidates } = latest;
  return { decisionId: id, decidedAt, policyVersion, reason, ranked: candidates as Scored[] };
}

const LOG = `
  insert into decision (id, profile_id, channel, fingerprint, action, arm, kind, stage, product_id, offer_id, probability, explored,
                        policy_version, reason, candidates, exclusions, circumstances, decided_at)
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::uuid[],
                       $11::float8[], $12::boolean[], $13::text[], $14::text[], $15::jsonb[], $16::jsonb[], $17::jsonb[], $18::timestamptz[])`;

/** A decision that was told is in the log: it is committed before the answer leaves. One statement and one outbox insert for all. */
async function log(ctx: Context, made: readonly Made[], now: Date): Promise<void> {
  const first = made.map((m) => m.decision.ranked[0]!);
  await inTransaction(ctx.database, async (tx) => {
    await sql(tx, {
      name: 'decision-log',
      text: LOG,
      values: [
        made.map((m) => m.answer.decisionId),
        made.map((m) => m.profileId),
        made.map((m) => m.key.channel),
        made.map((m) => m.fingerprint),
        first.map((f) => f.key),
        first.map((f) => f.arm),
        first.map((f) => f.kind),
        made.map((m) => m.stage),
        first.map((f) => f.productId ?? null),
        first.map((f) => f.offerId ?? null),
        first.map((f) => f.probability),
        made.map((m) => m.decision.explored),
        made.map(() => POLICY_VERSION),
        made.map((m) => m.decision.reason),
        made.map((m) => JSON.stringify(m.decision.ranked.slice(0, MAX_LOGGED))),
        made.map((m) => JSON.stringify(m.decision.exclusions.slice(0, MAX_LOGGED))),
        made.map((m) => JSON.stringify(m.circumstances)),
        made.map(() => now),
      ],
    });
    await publish(
      tx,
      made.map((m) => decisionMade(m, now)),
    );
  });
}

function decisionMade({ answer, profileId, row, key, decision }: Made, now: Date) {
  const { key: action, kind, probability } = decision.ranked[0]!;
  return event('campaign.decision.made.v1', {
    profileId,
    customerId: row.customer_id,
    occurredAt: now,
    data: { decisionId: answer.decisionId, action, kind, channel: key.channel, probability, reason: decision.reason },
  });
}
