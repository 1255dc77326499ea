import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { isInputObjectType, isObjectType, parse, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql';
import { accessOf, guard, guardedFields, type GuardedField, type Resolver } from './access.ts';
import { CACHE_CONTROL, markKeeping } from './cache-control.ts';
import { deadLetterResolver } from './dead-letters.resolver.ts';
import { losable } from './losable.ts';
import { projectionResolver } from './projections.resolver.ts';
import { projectionsOf, type SubgraphDefinition } from './definition.ts';

const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@override", "@tag"])';

export interface SubgraphSchema {
  /** What answers requests: rules enforced. */
  schema: GraphQLSchema;
  /** What is composed into the supergraph, and committed as schema.graphql. */
  sdl: string;
  guarded: GuardedField[];
}

/** Entities are handed on as they come (`{ id }`); their fields load what they need, batched. */
const resolveReference = (reference: unknown): unknown => reference;

/** Builds the federated schema of a subgraph and puts every field behind its rule. Needs no database. */
export function buildSubgraph(definition: SubgraphDefinition): SubgraphSchema {
  const projections = projectionsOf(definition);
  const backbone = [
    deadLetterResolver(definition.name),
    ...(projections.length > 0 ? [projectionResolver(definition.name, projections)] : []),
  ];
  const plain = buildSchemaSync({
    resolvers: [...definition.resolvers, ...backbone] as unknown as NonEmptyArray<Function>,
    orphanedTypes: [...(definition.orphanedTypes ?? [])],
    validate: false,
    skipCheck: true,
  });
  const guarded = guardedFields(plain);
  const body = printSchemaWithDirectives(losable(plain));
  const declared = body.includes('@cacheControl(') ? `\n\n${CACHE_CONTROL}` : '';
  const sdl = `${FEDERATION}${declared}\n\n${body.replace(/^schema \{[^}]*\}\s*/m, '')}\n`;
  const resolvers = createResolversMap(plain) as Record<string, Record<string, unknown>>;
  for (const type of Object.values(plain.getTypeMap()).filter(isObjectType)) {
    if (type.name.startsWith('__')) continue;
    const fields = (resolvers[type.name] ??= {});
    for (const field of Object.values(type.getFields())) {
      const access = accessOf(type, field);
      if (access)
        fields[field.name] = guard(
          `${type.name}.${field.name}`,
          access,
          fields[field.name] as Resolver | undefined,
          definition.serves,
        );
    }
    const isEntity = type.astNode?.directives?.some((directive) => directive.name.value === 'key');
    if (isEntity) fields['__resolveReference'] ??= definition.references?.[type.name] ?? resolveReference;
  }
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never });
  restoreDefaults(plain, schema);
  markKeeping(plain, schema);
  return { schema, sdl, guarded };
}

/**
 * A schema that is built from its text reads `= STORE` as the name of the enum value and not as the value behind it. The defaults of
 * arguments and input fields, and what stands in the extensions of fields, are therefore taken over from the schema of the classes.
 */
function restoreDefaults(from: GraphQLSchema, to: GraphQLSchema): void {
  for (const type of Object.values(from.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    const built = to.getType(type.name);
    if (isInputObjectType(type) && isInputObjectType(built))
      copyDefaults(Object.values(type.getFields()), Object.values(built.getFields()));
    if (!isObjectType(type) || !isObjectType(built)) continue;
    for (const field of Object.values(type.getFields())) {
      const copy = built.getFields()[field.name];
      copyDefaults(field.args, copy?.args ?? []);
      if (copy) copy.extensions = { ...copy.extensions, ...field.extensions };
    }
  }
}

interface WithDefault {
  name: string;
  defaultValue?: unknown;
}

function copyDefaults(from: readonly WithDefault[], to: readonly WithDefault[]): void {
  const byName = new Map(from.map((item) => [item.name, item.defaultValue]));
  for (const item of to) if (item.defaultValue !== undefined) item.defaultValue = byName.get(item.name);
}
