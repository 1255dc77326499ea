import fc from 'fast-check';
import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
} from 'graphql';

/** Values that mean something, so that not everything is refused at the door. */
export interface Known {
  /** By the name of the field or argument. */
  byName: Record<string, readonly unknown[]>;
  texts: readonly string[];
  ids: readonly string[];
}

const WHOLE = [1, 2, 3, 0, -1, 5, 999, 1_000, 2 ** 31 - 1, -(2 ** 31)];
const LARGE = [...WHOLE, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
const FRACTIONS = [0, 1, -1, 0.5, 40.42, -3.7, 91, 100, 1e308, -1e308, 1e-300];
const INSTANTS = ['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '9999-12-31T23:59:59Z'];
const TEXTS = ['', ' ', 'x'.repeat(5_000), 'ñ😀', '\ud800', '25:00', '09:00', 'EUR', 'eur', 'Mars/Base', "'; --"];
const ANYTHING = [{}, [], null, 'x', 1, { a: '\ud800' }, { a: { b: [1] } }];

/** Anything that the schema lets through for this type: the usual, the extreme, the malformed. */
export function anyInput(type: GraphQLInputType, known: Known, name = ''): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return anyInput(type.ofType, known, name);
  const proper = known.byName[name];
  const any = anyOf(type, known, name);
  return proper ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...proper) }, any) : any;
}

function anyOf(type: GraphQLInputType, known: Known, name: string): fc.Arbitrary<unknown> {
  if (isListType(type)) return fc.array(anyInput(type.ofType, known, name), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((v) => v.name));
  if (isInputObjectType(type)) return fc.memo(() => anyFields(Object.values(type.getFields()), known))();
  switch (String(type)) {
    case 'Int':
      return fc.constantFrom(...WHOLE);
    case 'SafeInt':
      return fc.constantFrom(...LARGE);
    case 'Float':
      return fc.constantFrom(...FRACTIONS);
    case 'Boolean':
      return fc.boolean();
    case 'DateTime':
      return fc.constantFrom(...INSTANTS);
    case 'JSON':
      return fc.constantFrom(...ANYTHING);
    case 'ID':
      return fc.oneof(fc.constantFrom(...known.ids, 'x', ''), fc.uuid());
    default:
      return fc.constantFrom(...known.texts, ...TEXTS);
  }
}

/** What must be there is; the rest may be there, be null or be left out. */
export function anyFields(
  fields: readonly (GraphQLArgument | GraphQLInputField)[],
  known: Known,
): fc.Arbitrary<Record<string, unknown>> {
  const must = fields.filter((f) => isNonNullType(f.type) && f.defaultValue === undefined).map((f) => f.name);
  return fc.record(
    Object.fromEntries(
      fields.map((f) => [
        f.name,
        isNonNullType(f.type)
          ? anyInput(f.type, known, f.name)
          : fc.option(anyInput(f.type, known, f.name), { freq: 9 }),
      ]),
    ),
    { requiredKeys: must },
  );
}
