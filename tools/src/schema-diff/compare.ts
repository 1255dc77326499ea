import {
  type BreakingChange,
  BreakingChangeType,
  type DangerousChange,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';

export interface Comparison {
  /** Operations that were valid may be no longer. */
  breaking: string[];
  /** Operations stay valid, but clients may be surprised: a new value of an enum, a new member of a union. */
  dangerous: string[];
  /** What is new, and what is known to hurt nobody. */
  safe: string[];
}

/** What was taken away when one goes back is what was added when one goes on. */
const ADDITIONS = new Map<BreakingChangeType, RegExp>([
  [BreakingChangeType.TYPE_REMOVED, / was removed\.$/],
  [BreakingChangeType.FIELD_REMOVED, / was removed\.$/],
  [BreakingChangeType.ARG_REMOVED, / was removed\.$/],
]);

export function compare(before: GraphQLSchema, after: GraphQLSchema): Comparison {
  const description = ({ description: text }: BreakingChange | DangerousChange): string => text;
  const added = findBreakingChanges(after, before).flatMap(({ type, description: text }) => {
    const removed = ADDITIONS.get(type);
    return removed?.test(text) ? [text.replace(removed, ' was added.')] : [];
  });
  return {
    breaking: findBreakingChanges(before, after).map(description),
    dangerous: findDangerousChanges(before, after).map(description),
    safe: added,
  };
}

export interface ListedOperation {
  client: string;
  version: string;
  name: string;
  text: string;
}

export interface BrokenOperation {
  client: string;
  version: string;
  name: string;
  why: string[];
}

/** Which operations on the clients' lists the new schema no longer answers: those are clients that stop working. */
export const brokenOperations = (after: GraphQLSchema, operations: readonly ListedOperation[]): BrokenOperation[] =>
  operations.flatMap(({ text, ...operation }) => {
    const why = problems(after, text);
    return why.length > 0 ? [{ ...operation, why }] : [];
  });

function problems(schema: GraphQLSchema, text: string): string[] {
  try {
    return validate(schema, parse(text)).map(({ message }) => message);
  } catch (error) {
    return [(error as Error).message];
  }
}
