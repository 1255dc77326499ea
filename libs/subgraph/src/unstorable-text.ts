import { GraphQLError, Kind, visit, type DocumentNode, type GraphQLSchema } from 'graphql';

/** The one character that PostgreSQL's text can't hold; it would refuse the statement in words that help nobody. */
const NUL = '\u0000';

/** Where it stands in a field's `extensions` that its resolver looks at each item of a batch by itself, with `unstorableIn`. */
const JUDGES_TEXT = 'judgesText';
export const judgesText = { [JUDGES_TEXT]: true };

/** Why an operation can't be executed: a text that can't be stored, in a variable (which one is said) or written into the document. */
export function refuseUnstorableText(variables: Record<string, unknown>): GraphQLError | undefined {
  const found = find(variables);
  return found && refusal(`Variable "$${found.path.join('.')}" contains ${found.what}`);
}

/** The same for what is written into the document, which needs to be looked at once per document. */
export function refuseUnstorableLiteral(document: DocumentNode): GraphQLError | undefined {
  let found: string | undefined;
  visit(document, { [Kind.STRING]: ({ value }) => void (found ??= unstorable(value)) });
  return found === undefined ? undefined : refusal(`A text in the operation contains ${found}`);
}

/** What can't be stored in one item of a batch, as a sentence; undefined where all of it can. */
export function unstorableIn(item: object): string | undefined {
  const found = find(item);
  return found && `"${found.path.join('.')}" contains ${found.what}, which can't be stored. Leave it out.`;
}

/** Whether all that a document asks for judges texts itself, so that one bad item does not spoil the others. */
export const judgesTextItself = (schema: GraphQLSchema, document: DocumentNode): boolean =>
  document.definitions.every(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.selectionSet.selections.every(
        (selection) =>
          selection.kind === Kind.FIELD &&
          schema.getRootType(definition.operation)?.getFields()[selection.name.value]?.extensions[JUDGES_TEXT] === true,
      ),
  );

const refusal = (what: string): GraphQLError =>
  new GraphQLError(`${what}, which can't be stored. Leave it out.`, { extensions: { code: 'BAD_USER_INPUT' } });

function unstorable(text: string): string | undefined {
  if (text.includes(NUL)) return 'the character U+0000';
  return text.isWellFormed() ? undefined : 'half of a character (an unpaired surrogate)';
}

interface Found {
  path: string[];
  what: string;
}

function find(value: unknown): Found | undefined {
  if (typeof value === 'string') {
    const what = unstorable(value);
    return what === undefined ? undefined : { path: [], what };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const inKey = unstorable(key);
    const found = inKey === undefined ? find(inner) : { path: [], what: inKey };
    if (found) return { path: [key.replaceAll(NUL, '\\u0000').toWellFormed(), ...found.path], what: found.what };
  }
  return undefined;
}
