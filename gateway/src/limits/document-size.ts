import { type DocumentNode, Kind, Lexer, Source, TokenKind, type SelectionSetNode } from 'graphql';

export interface DocumentSize {
  depth: number;
  aliases: number;
  directives: number;
  rootFields: number;
}

const NOTHING: DocumentSize = { depth: 0, aliases: 0, directives: 0, rootFields: 0 };

/** Counts words until there are more than the limit; a text that is no GraphQL is left to the parser. */
export function countTokens(text: string, limit: number): number {
  const lexer = new Lexer(new Source(text));
  let count = 0;
  try {
    while (lexer.advance().kind !== TokenKind.EOF) if (++count > limit) break;
  } catch {
    return count;
  }
  return count;
}

/**
 * The size of the largest operation, fragments counted wherever they are spread. Each fragment is measured once, so that measuring
 * is cheap even where expanding would not be.
 */
export function documentSize({ definitions }: DocumentNode): DocumentSize {
  const fragments = new Map<string, SelectionSetNode>();
  const measured = new Map<string, DocumentSize>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);

  const ofFragment = (name: string): DocumentSize => {
    const known = measured.get(name);
    if (known) return known;
    // A fragment inside itself counts nothing here; validation refuses it.
    measured.set(name, NOTHING);
    const set = fragments.get(name);
    const size = set ? ofSelection(set) : NOTHING;
    measured.set(name, size);
    return size;
  };

  const ofSelection = ({ selections }: SelectionSetNode): DocumentSize => {
    const sum = { ...NOTHING };
    for (const selection of selections) {
      sum.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? ofSelection(selection.selectionSet) : NOTHING;
        sum.depth = Math.max(sum.depth, inner.depth + 1);
        sum.aliases += inner.aliases + (selection.alias ? 1 : 0);
        sum.directives += inner.directives;
        sum.rootFields += 1;
      } else {
        const inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? ofFragment(selection.name.value)
            : ofSelection(selection.selectionSet);
        sum.depth = Math.max(sum.depth, inner.depth);
        sum.aliases += inner.aliases;
        sum.directives += inner.directives;
        sum.rootFields += inner.rootFields;
      }
    }
    return sum;
  };

  let largest = NOTHING;
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = ofSelection(definition.selectionSet);
    size.directives += definition.directives?.length ?? 0;
    largest = {
      depth: Math.max(largest.depth, size.depth),
      aliases: Math.max(largest.aliases, size.aliases),
      directives: Math.max(largest.directives, size.directives),
      rootFields: Math.max(largest.rootFields, size.rootFields),
    };
  }
  return largest;
}
