'use strict';
// A plugin of graphql-codegen: writes the operations of the app as an Apollo persisted query manifest. Ids are the SHA-256 of the text
// that Apollo Client sends, which is the printed operation with `__typename` in every selection below the root.
const { createHash } = require('node:crypto');
const { Kind, print, visit } = require('graphql');

const TYPENAME = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

exports.plugin = (_schema, documents) => {
  const definitions = documents.flatMap(({ document }) => document.definitions);
  const fragments = new Map(
    definitions
      .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const operations = definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((operation) => {
      if (!operation.name) throw new Error('An operation of the app has no name; the manifest and the logs need one.');
      const body = print(
        withTypenames({ kind: Kind.DOCUMENT, definitions: [operation, ...used(operation, fragments)] }),
      );
      const id = createHash('sha256').update(body).digest('hex');
      return { id, name: operation.name.value, type: operation.operation, body };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }, null, 2)}\n`;
};

function withTypenames(document) {
  return visit(document, {
    SelectionSet(set, _key, parent) {
      if (parent.kind === Kind.OPERATION_DEFINITION) return undefined;
      const has = set.selections.some(({ kind, name }) => kind === Kind.FIELD && name.value.startsWith('__'));
      return has ? undefined : { ...set, selections: [...set.selections, TYPENAME] };
    },
  });
}

/** The fragments that an operation spreads, directly or through others, in the order in which they are met. */
function used(operation, fragments, found = new Set()) {
  visit(operation, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment || found.has(fragment)) return;
      found.add(fragment);
      used(fragment, fragments, found);
    },
  });
  return [...found];
}
