import { GraphQLError, Kind, visit, type DocumentNode } from 'graphql';

/** The one character that PostgreSQL's text can't hold; it would refuse the statement in words that help nobody. */
const NUL = '\u0000';

/** Why an operation can't be executed: a text with U+0000, in a variable (which one is said) or written into the document. */
export function refuseUnstorableText(variables: Record<string, unknown>): GraphQLError | undefined {
  const path = pathOfNul(variables);
  return path && refusal(`Variable "$${path.join('.')}"`);
}

/** The same for what is written into the document, which needs to be looked at once per document. */
export function refuseUnstorableLiteral(document: DocumentNode): GraphQLError | undefined {
  let found = false;
  visit(document, { [Kind.STRING]: ({ value }) => void (found ||= value.includes(NUL)) });
  return found ? refusal('A text in the operation') : undefined;
}

const refusal = (what: string): GraphQLError =>
  new GraphQLError(`${what} contains the character U+0000, which can't be stored. Leave it out.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });

function pathOfNul(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value.includes(NUL) ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const path = key.includes(NUL) ? [] : pathOfNul(inner);
    if (path) return [key.replaceAll(NUL, '\\u0000'), ...path];
  }
  return undefined;
}
