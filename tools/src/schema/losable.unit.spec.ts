import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isNonNullType, isObjectType, Kind, type FieldDefinitionNode } from 'graphql';

/** Where an entity is at home: without that subgraph it isn't there at all, so its own fields may be required. */
const HOME: Record<string, string> = { Customer: 'IDENTITY', Store: 'INVENTORY', Product: 'INVENTORY' };

const supergraph = buildSchema(readFileSync(join(__dirname, '../../../gateway/supergraph.graphql'), 'utf8'), {
  assumeValidSDL: true,
});

const graphOf = (node: FieldDefinitionNode): string | undefined =>
  node.directives
    ?.flatMap((directive) => directive.arguments ?? [])
    .flatMap(({ name, value }) => (name.value === 'graph' && value.kind === Kind.ENUM ? [value.value] : []))[0];

it.each(Object.keys(HOME))('a subgraph that is down costs a %s only the fields that it adds', (name) => {
  const type = supergraph.getType(name);
  const added = isObjectType(type)
    ? Object.values(type.getFields()).filter(({ astNode }) => (graphOf(astNode!) ?? HOME[name]) !== HOME[name])
    : [];
  expect(added).not.toHaveLength(0);
  expect(added.filter((field) => isNonNullType(field.type)).map((field) => field.name)).toEqual([]);
});
