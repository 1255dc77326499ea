import { Environment } from '@marcbachmann/cel-js';
import { DomainError } from '@trenza/values';

/** What a condition on an order may speak of; it is asked line by line. Amounts are minor units. */
export interface PurchaseFacts {
  order: { channel: string; storeId: string; netAmount: number; lineCount: number };
  line: {
    sku: string;
    category: string;
    productId: string;
    quantity: number;
    netAmount: number;
    discountAmount: number;
  };
  customer: CustomerFacts;
  at: LocalTime;
}

/** What a condition on anything else may speak of: the event's own data are in `facts`. */
export interface EngagementFacts {
  facts: Record<string, unknown>;
  customer: CustomerFacts;
  at: LocalTime;
}

export interface CustomerFacts {
  tier: string;
}

/** Local to the programme: a weekend offer follows the customer's calendar, not Greenwich's. Weekday 1 is Monday. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
}

/** A condition is one sentence; larger ones are programs in disguise, and these bounds also bound its cost. */
const LIMITS = { maxAstNodes: 200, maxDepth: 20, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 };
/** Compiled conditions: as many as a large programme has live rules, several times over. */
const COMPILED = 2_000;

const customer = { tier: 'string' };
const at = { year: 'int', month: 'int', day: 'int', weekday: 'int', hour: 'int' };

const purchase = new Environment({ limits: LIMITS })
  .registerVariable({
    name: 'order',
    schema: { channel: 'string', storeId: 'string', netAmount: 'int', lineCount: 'int' },
  })
  .registerVariable({
    name: 'line',
    schema: {
      sku: 'string',
      category: 'string',
      productId: 'string',
      quantity: 'int',
      netAmount: 'int',
      discountAmount: 'int',
    },
  })
  .registerVariable({ name: 'customer', schema: customer })
  .registerVariable({ name: 'at', schema: at });

const engagement = new Environment({ limits: LIMITS })
  .registerVariable('facts', 'map')
  .registerVariable({ name: 'customer', schema: customer })
  .registerVariable({ name: 'at', schema: at });

const environmentFor = (trigger: string): Environment => (trigger === 'order' ? purchase : engagement);

/** CEL's whole numbers are 64 bits wide, JavaScript's are doubles: known whole fields are converted. */
const whole = (value: unknown): unknown =>
  typeof value === 'number' && Number.isInteger(value)
    ? BigInt(value)
    : value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, whole(inner)]))
      : value;

type Compiled = (facts: Record<string, unknown>) => unknown;
const compiled = new Map<string, Compiled>();

function compile(trigger: string, condition: string): Compiled {
  const key = `${trigger === 'order' ? 'order' : 'other'} ${condition}`;
  const known = compiled.get(key);
  if (known) return known;
  const program = environmentFor(trigger).parse(condition) as Compiled;
  if (compiled.size >= COMPILED) compiled.clear();
  compiled.set(key, program);
  return program;
}

/** Refuses a condition that does not parse, speaks of something unknown, or is no yes-or-no question. */
export function assertCondition(trigger: string, condition: string): void {
  if (condition.trim() === '') return;
  const result = environmentFor(trigger).check(condition);
  if (result.valid && (result.type === 'bool' || result.type === 'dyn')) return;
  const why = result.valid
    ? `it gives ${result.type}, not bool`
    : (result.error?.message ?? 'it does not parse').split('\n')[0];
  throw new DomainError(
    'INVALID_CONDITION',
    `The condition "${condition.slice(0, 100)}" can't be used: ${why}. Known here: ${vocabulary(trigger)}.`,
    ['input', 'condition'],
  );
}

const vocabulary = (trigger: string): string =>
  trigger === 'order' ? 'order, line, customer, at' : 'facts, customer, at';

/** Asks a condition; an empty one is always true. Throws where the facts do not fit, for example a key that is missing. */
export const holds = (trigger: string, condition: string, facts: PurchaseFacts | EngagementFacts): boolean =>
  condition.trim() === '' || compile(trigger, condition)(whole(facts) as Record<string, unknown>) === true;
