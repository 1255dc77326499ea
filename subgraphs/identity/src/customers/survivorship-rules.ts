import { sql } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { DEFAULT_RULES, type Strategy, type SurvivorshipRule } from './survivorship.ts';

/** Rules change a few times a year and are read with every customer: each process looks again after this time. */
const FRESH_MS = 5_000;

type Rules = Record<string, SurvivorshipRule>;
const cache = new WeakMap<DataSource, { rules: Promise<Rules>; until: number }>();

/** The rules in force: those that were set, over the ones that ship. */
export function survivorshipRules(database: DataSource): Promise<Rules> {
  const cached = cache.get(database);
  if (cached && cached.until > Date.now()) return cached.rules;
  const rules = read(database);
  cache.set(database, { rules, until: Date.now() + FRESH_MS });
  rules.catch(() => cache.delete(database));
  return rules;
}

export const forgetSurvivorshipRules = (database: DataSource): void => void cache.delete(database);

async function read(database: DataSource): Promise<Rules> {
  const rows = await sql<{ attribute: string; strategy: Strategy; sources: string[] }>(
    database,
    'select attribute, strategy, sources from survivorship_rule',
  );
  return { ...DEFAULT_RULES, ...Object.fromEntries(rows.map(({ attribute, ...rule }) => [attribute, rule])) };
}
