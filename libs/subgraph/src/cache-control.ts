import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { accessOf } from './access.ts';
import type { Context } from './definition.ts';

/** Declared by the subgraphs that use it. What has a time is for everybody; what is for one person has none and is not kept. */
export const CACHE_CONTROL = 'directive @cacheControl(maxAge: Int!) on FIELD_DEFINITION | OBJECT';

/** Where the seconds stand in the extensions of fields and entities. */
const KEPT = 'keptSeconds';
type Extended = { extensions: Readonly<Record<string, unknown>> };

/**
 * Works out once how long each field of the schema may be kept. A field that takes arguments, leads to an entity or begins a query says so
 * itself, or the type to which it leads does; any other is as old as what it belongs to. What not everybody may ask for is never kept.
 */
export function markKeeping(plain: GraphQLSchema, schema: GraphQLSchema): void {
  for (const type of Object.values(plain.getTypeMap()).filter(isObjectType)) {
    const built = schema.getType(type.name);
    if (!isObjectType(built) || type.name.startsWith('__')) continue;
    if (isEntity(type)) mark(built, hintOf(type) ?? 0);
    for (const field of Object.values(type.getFields())) {
      const copy = built.getFields()[field.name];
      const seconds = secondsOf(type, field, type === plain.getQueryType());
      if (copy && seconds !== undefined) mark(copy, seconds);
    }
  }
}

function secondsOf(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  begins: boolean,
): number | undefined {
  const access = accessOf(type, field);
  if (access && access !== 'anyone') return 0;
  const target = getNamedType(field.type);
  const hint = hintOf(field) ?? (isObjectType(target) ? hintOf(target) : undefined);
  if (hint !== undefined) return hint;
  return begins || field.args.length > 0 || isEntity(target) ? 0 : undefined;
}

function hintOf({ astNode }: GraphQLObjectType | GraphQLField<unknown, unknown>): number | undefined {
  const hint = astNode?.directives?.find(({ name }) => name.value === 'cacheControl');
  const value = hint?.arguments?.find(({ name }) => name.value === 'maxAge')?.value;
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}

const isEntity = (type: GraphQLNamedType): boolean =>
  isObjectType(type) &&
  ((type.astNode as ObjectTypeDefinitionNode | undefined)?.directives ?? []).some(({ name }) => name.value === 'key');

const mark = (what: Extended, seconds: number): void => {
  what.extensions = { ...what.extensions, [KEPT]: seconds };
};
const markOf = (what: Extended): number => (what.extensions[KEPT] as number | undefined) ?? Infinity;

/** How long the answer to a document may be kept: as long as the part of it that ages fastest. */
export function keptSeconds(schema: GraphQLSchema, document: DocumentNode): number {
  let seconds = Infinity;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => {
        const [field, parent] = [types.getFieldDef(), types.getParentType()];
        if (field?.name === '__typename') return;
        // Federation's own way to entities: these speak for themselves.
        if (field?.name !== '_entities') seconds = Math.min(seconds, field ? markOf(field) : 0);
        if (isObjectType(parent)) seconds = Math.min(seconds, markOf(parent));
      },
    }),
  );
  return Number.isFinite(seconds) ? seconds : 0;
}

const known = new WeakMap<OperationDefinitionNode, number>();

/** Says by `cache-control` how long an answer may be kept, if it may be kept at all. The gateway says nothing longer than all its parts. */
export const cacheControl: ApolloServerPlugin<Context> = {
  requestDidStart: () => LISTENER,
};

const DONE = Promise.resolve();
const LISTENER = Promise.resolve({
  willSendResponse({
    schema,
    document,
    operation,
    contextValue,
    response: { body, http },
  }: {
    schema: GraphQLSchema;
    document?: DocumentNode;
    operation?: OperationDefinitionNode;
    contextValue: Context;
    response: {
      body: { kind: string; singleResult?: { errors?: readonly unknown[] } };
      http: { headers: Map<string, string> };
    };
  }): Promise<void> {
    if (!document || operation?.operation !== OperationTypeNode.QUERY || body.singleResult?.errors) return DONE;
    let seconds = known.get(operation);
    if (seconds === undefined) known.set(operation, (seconds = keptSeconds(schema, document)));
    seconds = Math.min(seconds, contextValue.keeping.seconds);
    if (seconds > 0) http.headers.set('cache-control', `public, max-age=${seconds}`);
    return DONE;
  },
});
