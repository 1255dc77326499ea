import { DomainError } from '@trenza/values';

/** Who is meant: a tree of conditions over what is known of a customer. Exactly one of the fields is set; it comes from outside, so nothing is certain. */
export interface Rule {
  everyone?: boolean;
  /** A saved segment, which is put in its place before the rule is compiled. */
  segment?: string;
  all?: Rule[];
  any?: Rule[];
  not?: Rule;
  fact?: Condition;
  intent?: { topic: string; min: number };
  consent?: { purpose: string; channel?: string | null };
}

interface Condition {
  name: string;
  op: string;
  value: unknown;
}

/** Deeper or larger rules are nobody's idea of an audience. */
const MAX_DEPTH = 6;
const MAX_CONDITIONS = 50;
const MAX_VALUES = 200;

/** Sums and newest values over all profiles of the customer `p`. */
const ofFacts = (expression: string): string =>
  `(select ${expression} from profile_facts f where f.profile_id = any(p.profiles))`;
const ofContact = (field: string): string =>
  `(select value #>> '{}' from contact_field f where f.profile_id = any(p.profiles) and f.field = '${field}' and f.value <> 'null' order by changed_at desc limit 1)`;
const daysSince = (column: string): string =>
  ofFacts(`extract(epoch from $1::timestamptz - max(${column}))::float8 / 86400`);

const FACTS: Record<string, { sql: string; type: 'number' | 'text' | 'boolean'; description: string }> = {
  orders: { sql: ofFacts('coalesce(sum(orders), 0)'), type: 'number', description: 'completed orders' },
  spend: { sql: ofFacts('coalesce(sum(spend), 0)'), type: 'number', description: 'sum of her orders in minor units' },
  days_since_order: { sql: daysSince('last_order_at'), type: 'number', description: 'days since her last order' },
  days_since_seen: { sql: daysSince('last_seen_at'), type: 'number', description: 'days since she was last seen' },
  tier: {
    sql: ofFacts(`(array_agg(tier order by tier_at desc) filter (where tier is not null))[1]`),
    type: 'text',
    description: 'loyalty tier',
  },
  attitude: {
    sql: ofFacts(`(array_agg(attitude order by attitude_at desc) filter (where attitude is not null))[1]`),
    type: 'text',
    description: 'promoter, passive or detractor, by her last answer',
  },
  language: { sql: ofContact('language'), type: 'text', description: 'language tag' },
  city: { sql: ofContact('city'), type: 'text', description: 'city' },
  preferred_channel: { sql: ofContact('preferredChannel'), type: 'text', description: 'channel she prefers' },
  open_case: {
    sql: `exists (select 1 from complaint k where k.profile_id = any(p.profiles) and k.status in ('open', 'in-progress'))`,
    type: 'boolean',
    description: 'a complaint of hers is open',
  },
  open_cart: {
    sql: `exists (select 1 from cart k where k.profile_id = any(p.profiles) and k.open)`,
    type: 'boolean',
    description: 'a cart of hers is open',
  },
};

const OPERATORS: Record<string, string> = {
  eq: '=',
  ne: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  in: 'in',
};

export interface Compiled {
  /** A condition over `p (customer_id, profiles)`; `$1` is now. */
  where: string;
  /** Values for `$2` (or the first parameter asked for) and on. */
  values: unknown[];
}

/** The rule as SQL. Names come from the lists above and values are parameters: nothing of what a marketer writes becomes SQL. */
export function compileRule(rule: Rule, firstParameter = 2): Compiled {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value) + firstParameter - 1}`;
  let conditions = 0;

  const compile = (r: Rule, depth: number): string => {
    if (depth > MAX_DEPTH) throw invalid(`The rule is nested more than ${MAX_DEPTH} deep.`);
    if (++conditions > MAX_CONDITIONS) throw invalid(`The rule has more than ${MAX_CONDITIONS} conditions.`);
    if (!isObject(r)) throw invalid(`A condition is an object, not ${JSON.stringify(r)}.`);
    const keys = Object.keys(r);
    if (keys.length !== 1)
      throw invalid(
        `Each condition sets exactly one field, this one sets ${keys.length > 0 ? keys.join(', ') : 'none'}.`,
      );
    if (typeof r.everyone === 'boolean') return String(r.everyone);
    if (r.all) return joined(r.all, ' and ', depth);
    if (r.any) return joined(r.any, ' or ', depth);
    if (r.not) return `not ${compile(r.not, depth + 1)}`;
    if (isObject(r.fact)) return compileFact(r.fact, parameter);
    if (isObject(r.intent)) return compileIntent(r.intent, parameter);
    if (isObject(r.consent)) return compileConsent(r.consent, parameter);
    throw invalid(`${JSON.stringify(r).slice(0, 200)} is no condition.`);
  };
  const joined = (rules: Rule[], by: string, depth: number): string => {
    if (!Array.isArray(rules) || rules.length === 0)
      throw invalid('`all` and `any` take a list of conditions that is not empty.');
    return `(${rules.map((r) => compile(r, depth + 1)).join(by)})`;
  };
  return { where: compile(rule, 1), values };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (message: string): DomainError => new DomainError('INVALID_RULE', message, ['input', 'audience']);

/** What is not known satisfies no comparison. */
function compileFact({ name, op, value }: Condition, parameter: (value: unknown) => string): string {
  const fact = FACTS[name];
  if (!fact) throw invalid(`"${name}" is nothing we know of a customer. Use one of ${Object.keys(FACTS).join(', ')}.`);
  const operator = OPERATORS[op];
  if (!operator) throw invalid(`"${op}" is no comparison. Use one of ${Object.keys(OPERATORS).join(', ')}.`);
  const cast = { number: 'float8', text: 'text', boolean: 'boolean' }[fact.type];
  const list: unknown[] = operator === 'in' && Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.length > MAX_VALUES) throw invalid(`A list has up to ${MAX_VALUES} values, this one has ${list.length}.`);
  const wrong = list.find((v) => typeof v !== (fact.type === 'text' ? 'string' : fact.type));
  if (wrong !== undefined || list.length === 0)
    throw invalid(`${name} is compared with a ${fact.type}, not with ${JSON.stringify(wrong ?? null)}.`);
  return operator === 'in'
    ? `coalesce(${fact.sql} = any(${parameter(list)}::${cast}[]), false)`
    : `coalesce(${fact.sql} ${operator} ${parameter(list[0])}::${cast}, false)`;
}

function compileIntent({ topic, min }: { topic: string; min: number }, parameter: (value: unknown) => string): string {
  if (typeof topic !== 'string' || typeof min !== 'number')
    throw invalid('An intent has a topic (text) and a min (number).');
  return `coalesce((select sum(i.strength * power(2, greatest(-1000, least(0, -extract(epoch from $1::timestamptz - i.last_at)::float8 / i.half_life_seconds))))
     from intent i where i.profile_id = any(p.profiles) and i.topic = ${parameter(topic)}::text) >= ${parameter(min)}::float8, false)`;
}

/** As the contact policy sees it: granted by one profile of hers and refused by none. */
function compileConsent(
  { purpose, channel }: { purpose: string; channel?: string | null },
  parameter: (value: unknown) => string,
): string {
  if (typeof purpose !== 'string' || (channel && typeof channel !== 'string'))
    throw invalid('A consent has a purpose (text) and, if need be, a channel (text).');
  // Marketers see the names of the graph (CALL_CENTRE), rows have those of events.
  const name = (channel ?? '').toLowerCase().replace('_', '-');
  const of = `c.profile_id = any(p.profiles) and c.purpose = ${parameter(purpose)}::text and c.channel in ('', ${parameter(name)}::text)`;
  return `coalesce((select bool_and(granted) from (select distinct on (c.profile_id) c.granted from consent c where ${of} order by c.profile_id, c.changed_at desc, c.granted) latest), false)`;
}
