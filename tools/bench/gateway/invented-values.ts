import {
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLTypeResolver,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';

/** A list whose length nobody asked for. */
const SHORT_LIST = 3;

/** What an invented object knows of itself: its number, and how many items its lists have. */
interface Invented {
  number: number;
  page: number;
}

const isInvented = (source: unknown): source is Invented =>
  typeof source === 'object' && source !== null && 'number' in source && 'page' in source;

/** The same value for the same place in the same query, of the right type; different objects have different ids. */
export const invented: GraphQLFieldResolver<unknown, unknown> = (
  source,
  args: Record<string, unknown>,
  _context,
  info,
) => {
  // What a representation brings is kept.
  const given = (source as Record<string, unknown> | undefined)?.[info.fieldName];
  if (given !== undefined && !isInvented(source)) return given;
  const own = isInvented(source) ? source : { number: 1, page: SHORT_LIST };
  const asked = args['first'] ?? args['last'];
  return valueOf(info.returnType, info.fieldName, { ...own, ...(typeof asked === 'number' && { page: asked }) });
};

export const inventedType: GraphQLTypeResolver<unknown, unknown> = (_value, _context, { schema }, type) =>
  schema.getPossibleTypes(type)[0]?.name;

function valueOf(type: GraphQLOutputType, field: string, own: Invented): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, field, own);
  if (isListType(type))
    return Array.from({ length: own.page }, (_none, index) =>
      valueOf(type.ofType, field, { number: own.number * 50 + index, page: SHORT_LIST }),
    );
  if (isEnumType(type)) return type.getValues()[own.number % type.getValues().length]!.value;
  return isScalarType(type) ? scalar(type.name, field, own.number) : own;
}

function scalar(type: string, field: string, number: number): unknown {
  switch (type) {
    case 'ID':
      return `01920000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
    case 'Int':
    case 'SafeInt':
      return number % 1_000;
    case 'Float':
      // Never whole, because some write 0 as 0.0.
      return (number % 100) / 100 + 0.005;
    case 'Boolean':
      return number % 2 === 0;
    case 'DateTime':
      return new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
    case 'JSON':
      return { note: field };
    default:
      return `${field} ${number}`;
  }
}
