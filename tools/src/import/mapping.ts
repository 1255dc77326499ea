import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, matchesGlob } from 'node:path';
import { z } from 'zod';
import { condition } from './condition.ts';
import { expression } from './expression.ts';

export const KINDS = [
  'customers',
  'consents',
  'products',
  'stores',
  'stock',
  'orders',
  'reviews',
  'answers',
  'messages',
  'history',
] as const;
export type Kind = (typeof KINDS)[number];

const file = {
  /** The name of the file inside a folder given on the command line; `*` stands for anything. */
  file: z.string().optional(),
  format: z.enum(['csv', 'tsv', 'jsonl']).optional(),
  delimiter: z.string().length(1).optional(),
  encoding: z.enum(['utf8', 'latin1']).optional(),
};

const lookup = z.strictObject({
  ...file,
  file: z.string(),
  key: expression,
  /** Several rows may have the key: they make a list. Otherwise the first row counts. */
  many: z.boolean().default(false),
});

const list = z.strictObject({
  /** `rows` (the rows of the group) or the name of a lookup with `many`. */
  from: z.string().default('rows'),
  by: expression.optional(),
  /** Only rows that meet it. */
  when: condition.optional(),
  fields: z.record(z.string(), expression),
});

const step = z.strictObject({
  kind: z.enum(KINDS),
  /** What the report and the progress line call it; the kind unless said otherwise. */
  name: z.string().optional(),
  ...file,
  /** Rows of these classes only; every row unless said otherwise. */
  take: z.array(z.string()).optional(),
  /** Only the first row with each value makes a record. */
  distinct: expression.optional(),
  /** What happens to rows that equal another row of the same group in every column. */
  duplicates: z.enum(['keep', 'skip']).default('keep'),
  /** Rows with the same value make one record; they may be `window` rows apart. */
  group: z.strictObject({ by: expression, window: z.int().positive().max(1_000_000).default(10_000) }).optional(),
  lookups: z.record(z.string(), lookup).default({}),
  record: z.record(z.string(), expression),
  /** Lists inside the record: order lines. An array of lists is chained. */
  lists: z.record(z.string(), z.union([list, z.array(list)])).default({}),
});

const mapping = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9-]+$/),
  description: z.string(),
  /** The name under which identities and numbers of these files are remembered; the mapping's name unless said otherwise. */
  source: z.string().optional(),
  /** Each row belongs to the first class whose condition it meets, else to `rest`. */
  classes: z.array(z.strictObject({ class: z.string(), when: condition, because: z.string() })).default([]),
  steps: z.array(step).min(1),
});

export type Mapping = z.infer<typeof mapping> & { source: string; hash: string };
export type Step = z.infer<typeof step>;
export type Lookup = z.infer<typeof lookup>;
export type List = z.infer<typeof list>;

export const REST = 'rest';

export class BadMapping extends Error {}

/** Read where they are written: the compiler does not copy them. */
const SHIPPED = join(__dirname, '..', '..', 'src', 'import', 'mappings');

export const shippedMappings = (): string[] =>
  readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .toSorted();

/** Reads a shipped mapping by its name, or one of the retailer's own by its path. */
export function loadMapping(nameOrPath: string): Mapping {
  const shipped = join(SHIPPED, `${nameOrPath}.json`);
  const path = existsSync(shipped) ? shipped : nameOrPath;
  let json: unknown;
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
    json = JSON.parse(content);
  } catch (error) {
    throw new BadMapping(`The mapping ${path} cannot be read: ${(error as Error).message}`);
  }
  return parseMapping(json, path, createHash('sha256').update(content).digest('hex'));
}

export function parseMapping(json: unknown, path: string, hash = ''): Mapping {
  const parsed = mapping.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'the file'}: ${issue.message}`);
    throw new BadMapping(`The mapping ${path} is not valid:\n${problems.join('\n')}`);
  }
  const classes = new Set([REST, ...parsed.data.classes.map((c) => c.class)]);
  for (const s of parsed.data.steps) {
    const unknown = s.take?.filter((name) => !classes.has(name)) ?? [];
    if (unknown.length > 0) {
      throw new BadMapping(
        `The mapping ${path} takes rows of the class "${unknown.join(', ')}", which it does not define. It has: ${[...classes].join(', ')}.`,
      );
    }
  }
  return { ...parsed.data, source: parsed.data.source ?? parsed.data.name, hash };
}

/** Finds the file of a step among what the command line gave: files, or folders to look in. */
export function resolveFile(pattern: string | undefined, given: readonly string[]): string {
  const candidates = given.flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path)
          .toSorted()
          .map((name) => join(path, name))
      : [path],
  );
  const found = pattern === undefined ? candidates : candidates.filter((path) => matchesGlob(basename(path), pattern));
  if (found.length === 0) {
    throw new BadMapping(`No file matches "${pattern}" among: ${candidates.join(', ')}. Give the file or its folder.`);
  }
  if (found.length > 1 && pattern === undefined) {
    throw new BadMapping(`Which of ${found.join(', ')} is meant? Set "file" in each step of the mapping.`);
  }
  return found[0] as string;
}
