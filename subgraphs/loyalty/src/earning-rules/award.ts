import { resolveCustomers } from '@trenza/customers';
import { send, sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { earn } from '../points/ledger.ts';
import type { Posting } from '../points/post.ts';
import { currencyOf, daysAfter, localTime, type Reference } from '../programme/reference.ts';
import { tiersOf } from '../tiers/standings.ts';
import { evaluate, type Award, type Occasion } from './rule.ts';
import { addUsage, readUsage, writeUsage } from './usage.ts';

/** An occasion before anything is known about the customer: what an event says. */
export interface OccasionCommand {
  /** 'order:<id>', 'answer:<id>' …: earns once. */
  source: string;
  profileId: string;
  trigger: string;
  occurredAt: Date;
  channel: string | null;
  storeId: string | null;
  orderId: string | null;
  lines: Occasion['lines'];
  facts: Record<string, unknown>;
  refused?: Occasion['refused'];
}

export interface Decided {
  command: OccasionCommand;
  customerId: string;
  awards: Award[];
  postings: Posting[];
}

/**
 * Decides what occasions earn and keeps each with its outcomes; those that are there already are left out. In few statements however many
 * they are. The postings are the caller's to write, together with what else the occasion brings.
 */
export async function decide(
  tx: Tx,
  commands: readonly OccasionCommand[],
  reference: Reference,
  now: Date,
): Promise<Decided[]> {
  const fresh = await withoutKnown(tx, commands);
  if (fresh.length === 0) return [];
  const profiles = fresh.map((command) => command.profileId);
  const customers = await resolveCustomers(tx, profiles);
  const tiers = await tiersOf(tx, profiles);
  const frozen = await frozenAmong(tx, profiles);
  const usage = await readUsage(tx, reference.rules, fresh, customers);

  const decided = fresh.map((command, i): Decided => {
    const at = localTime(command.occurredAt, reference.tierPolicy.timeZone);
    const occasion: Occasion = {
      ...command,
      customer: { tier: tiers[i]! },
      at,
      frozen: frozen.has(command.profileId.toLowerCase()),
    };
    const customerId = customers[i]!;
    const awards = evaluate(reference.rules, occasion, (rule) => usage.allowanceOf(rule, customerId, at));
    for (const award of awards) addUsage(usage, award, { profileId: command.profileId, customerId, at });
    return { command, customerId, awards, postings: postingsOf(command, awards, reference) };
  });
  await writeUsage(tx, usage);
  keep(tx, decided, now);
  return decided;
}

async function withoutKnown(tx: Tx, commands: readonly OccasionCommand[]): Promise<OccasionCommand[]> {
  const known = await sql<{ source: string }>(tx, {
    name: 'occasion-known',
    text: `select source from occasion where source = any($1)`,
    values: [commands.map((command) => command.source)],
  });
  const seen = new Set(known.map((row) => row.source));
  return commands.filter(({ source }) => !seen.has(source) && seen.add(source));
}

async function frozenAmong(tx: Tx, profiles: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>(tx, {
    name: 'frozen-among',
    text: `
      select asked.id from unnest($1::uuid[]) as asked (id)
       where exists (select from account_freeze f where f.profile_id = asked.id)
          or exists (select from customer_profile me
                       join customer_profile other using (customer_id)
                       join account_freeze f on f.profile_id = other.profile_id
                      where me.profile_id = asked.id)`,
    values: [profiles],
  });
  return new Set(rows.map((row) => row.id));
}

/** One transfer and one lot for each rule that gave something: they may wait and live for different times. */
function postingsOf(command: OccasionCommand, awards: readonly Award[], reference: Reference): Posting[] {
  const { source, profileId, occurredAt: at, orderId, storeId, channel } = command;
  return awards
    .filter((award) => award.points > 0)
    .map(({ rule, points }) => {
      const livesDays = rule.livesDays ?? currencyOf(reference, rule.currency).livesDays;
      const unlockAt = rule.pendingDays > 0 ? daysAfter(at, rule.pendingDays) : null;
      const expiresAt = livesDays === null ? null : daysAfter(unlockAt ?? at, livesDays);
      const from = rule.budgetStoreId ? ('store.reserved' as const) : ('programme.issued' as const);
      const entry = earn({ profileId, points, unlockAt, expiresAt, orderId, from, at }, newId);
      const about = { orderId, storeId, channel, ruleId: rule.id, reason: rule.code, budgetId: rule.budgetStoreId };
      return { key: `${source}:${rule.code}`, currency: rule.currency, entry, ...about };
    });
}

function keep(tx: Tx, decided: readonly Decided[], now: Date): void {
  send(tx, {
    name: 'occasion-keep',
    text: `insert into occasion (source, trigger, profile_id, occurred_at, recorded_at, facts, outcomes)
           select source, trigger, profile_id, occurred_at, $7, facts, outcomes
             from unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::jsonb[], $6::jsonb[])
               as o (source, trigger, profile_id, occurred_at, facts, outcomes)`,
    values: [
      decided.map(({ command }) => command.source),
      decided.map(({ command }) => command.trigger),
      decided.map(({ command }) => command.profileId),
      decided.map(({ command }) => command.occurredAt),
      decided.map(({ command: { channel, storeId, lines, facts } }) =>
        JSON.stringify({ channel, storeId, lines, facts }),
      ),
      decided.map(({ awards }) =>
        JSON.stringify(awards.map(({ ruleId, points, reason }) => ({ ruleId, points, reason }))),
      ),
      now,
    ],
  });
}
