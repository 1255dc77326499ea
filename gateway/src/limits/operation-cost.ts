import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** A list that takes no page size: most hold a handful. */
const UNSIZED_LIST = 10;
/** A connection whose page size is left to the subgraph. */
const DEFAULT_PAGE = 20;
const PAGE_ARGUMENTS = ['first', 'last', 'limit'];

export interface OperationCost {
  /** How many objects the answer may hold. */
  cost: number;
  /** The largest page asked for. */
  pageSize: number;
}

type Variables = Readonly<Record<string, unknown>>;

/** What an operation cost when it was last estimated, and the page sizes among its variables that it depended on. */
interface Estimate extends OperationCost {
  schema: GraphQLSchema;
  pages: ReadonlyMap<string, unknown>;
}

/** By the operation itself, which Apollo Server keeps parsed: what is asked over and over is estimated once. */
const estimates = new WeakMap<OperationDefinitionNode, Estimate>();

/** Estimates an operation from its page sizes, before anything is asked of a subgraph. */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): OperationCost {
  const known = estimates.get(operation);
  if (known?.schema === schema && holds(known.pages, variables)) return known;
  const pages = new Map<string, unknown>();
  const estimate = { schema, pages, ...estimated(schema, document, operation, variables, pages) };
  estimates.set(operation, estimate);
  return estimate;
}

function holds(pages: ReadonlyMap<string, unknown>, variables: Variables): boolean {
  for (const [name, value] of pages) if (variables[name] !== value) return false;
  return true;
}

function estimated(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  /** Filled with the variables that were looked at. */
  pages: Map<string, unknown>,
): OperationCost {
  const fragments = new Map(
    document.definitions.flatMap((d) => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d] as const] : [])),
  );
  const defaults = new Map(operation.variableDefinitions?.map((v) => [v.variable.name.value, v.defaultValue]));
  const measured = new Map<string, OperationCost>();
  let pageSize = 0;

  const numberOf = (value: ValueNode | undefined): number | undefined => {
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind !== Kind.VARIABLE) return undefined;
    const given = variables[value.name.value];
    pages.set(value.name.value, given);
    return typeof given === 'number' ? given : numberOf(defaults.get(value.name.value));
  };

  const pageOf = (node: FieldNode, definition: GraphQLField<unknown, unknown>): number | undefined => {
    if (!definition.args.some(({ name }) => PAGE_ARGUMENTS.includes(name))) return undefined;
    const asked = node.arguments
      ?.filter(({ name }) => PAGE_ARGUMENTS.includes(name.value))
      .map(({ value }) => numberOf(value) ?? 0);
    const size = Math.max(0, ...(asked ?? []));
    pageSize = Math.max(pageSize, size);
    return size > 0 ? size : DEFAULT_PAGE;
  };

  const ofField = (node: FieldNode, parent: GraphQLCompositeType, inherited: number | undefined): number => {
    const definition = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    if (!definition) return 0;
    const named = getNamedType(definition.type);
    const page = pageOf(node, definition);
    if (!isCompositeType(named) || !node.selectionSet) return 0;
    const list = isList(definition.type);
    const times = list ? (page ?? inherited ?? UNSIZED_LIST) : 1;
    // A connection's page size is that of the list inside it.
    return times * (1 + ofSelection(node.selectionSet, named, list ? undefined : page));
  };

  const ofSelection = (set: SelectionSetNode, type: GraphQLCompositeType, inherited: number | undefined): number => {
    let sum = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) sum += ofField(selection, type, inherited);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        sum += ofSelection(selection.selectionSet, typeOf(selection.typeCondition?.name.value) ?? type, inherited);
      else sum += ofFragment(selection.name.value, type, inherited);
    }
    return sum;
  };

  const ofFragment = (name: string, type: GraphQLCompositeType, inherited: number | undefined): number => {
    const key = `${name} ${inherited ?? ''}`;
    const known = measured.get(key);
    if (known) return known.cost;
    const fragment = fragments.get(name);
    if (!fragment) return 0;
    measured.set(key, { cost: 0, pageSize: 0 });
    const cost = ofSelection(fragment.selectionSet, typeOf(fragment.typeCondition.name.value) ?? type, inherited);
    measured.set(key, { cost, pageSize });
    return cost;
  };

  const typeOf = (name: string | undefined): GraphQLCompositeType | undefined => {
    const type = name === undefined ? undefined : schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  };

  const root = schema.getRootType(operation.operation);
  return { cost: root ? ofSelection(operation.selectionSet, root, undefined) : 0, pageSize };
}

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);
