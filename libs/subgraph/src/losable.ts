import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { getNullableType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { accessOf } from './access.ts';

/**
 * What can be lost must be able to be null, else the loss climbs and takes along what others have answered: a field of Query or of an entity
 * that the caller may not have, or whose subgraph is down, costs itself only. Classes may therefore say that such a field is always there (it is, where its
 * subgraph answers); the graph says that it may be missing. What anyone may have of an entity (a product's name) stays as it is.
 */
export const losable = (schema: GraphQLSchema): GraphQLSchema =>
  mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (config, name, typeName) => {
      const type = schema.getType(typeName);
      if (!isObjectType(type) || !mayBeLost(schema, type, name)) return undefined;
      return { ...config, type: getNullableType(config.type) };
    },
  });

function mayBeLost(schema: GraphQLSchema, type: GraphQLObjectType, name: string): boolean {
  if (type === schema.getQueryType()) return true;
  const isEntity = type.astNode?.directives?.some((directive) => directive.name.value === 'key');
  const access = accessOf(type, type.getFields()[name]!);
  return Boolean(isEntity && access && access !== 'anyone');
}
