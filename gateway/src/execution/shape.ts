import {
  type CompositeType,
  type EnumType,
  type FieldSelection,
  type FragmentSelection,
  isCompositeType,
  isCustomScalarType,
  isListType,
  isNonNullType,
  isObjectType,
  isSubtype,
  isValidLeafValue,
  type NamedType,
  type Operation,
  type OperationElement,
  type ScalarType,
  type Schema,
  type SelectionSet,
  type Type,
  typenameFieldName,
  Variable,
} from '@apollo/federation-internals';

export type Values = Readonly<Record<string, unknown>>;
type Json = Record<string, unknown>;

/**
 * Picks out of everything that subgraphs brought what the client asked for. Undefined where the data is not as the schema promises
 * (a null that may not be, a value of another type): what is to be said of that is said by the executor of @apollo/gateway.
 */
export type Shape = (input: Json, variables: Values) => Json | undefined;

/** Reads one object into another; `type` is what the object is known to be. */
type ReadObject = (input: Json, output: Json, type: NamedType, variables: Values) => void;
/** Makes a value of what was brought and what another selection of the same field has made already. */
type ReadValue = (input: unknown, output: unknown, variables: Values) => unknown;

/** Thrown, and caught in this module, to leave the depth of an answer at once; it needs no stack. */
const NOT_AS_PROMISED = Symbol('not as promised');

/**
 * Walks the operation once, so that answers need no look at types or directives any more. Undefined for operations that are left to
 * the executor of @apollo/gateway: introspection, and names that every JavaScript object has, with which plain reading would go wrong.
 */
export function compileShape(operation: Operation): Shape | undefined {
  const compiler = new ShapeCompiler(operation.schema(), operation.collectDefaultedVariableValues());
  const root = operation.schema().schemaDefinition.rootType(operation.rootKind);
  const read = compiler.selectionSet(operation.selectionSet);
  if (!root || !compiler.complete) return undefined;
  return (input, variables) => {
    const output: Json = {};
    try {
      read(input, output, root, variables);
      return output;
    } catch (error) {
      if (error === NOT_AS_PROMISED) return undefined;
      throw error;
    }
  };
}

class ShapeCompiler {
  readonly #types = new Map<string, NamedType>();
  /** Whether all of the operation could be compiled. */
  complete = true;

  constructor(
    private readonly schema: Schema,
    private readonly defaults: Values,
  ) {}

  selectionSet(set: SelectionSet): ReadObject {
    const readers = set.selections().map((selection) => {
      const read = selection.kind === 'FieldSelection' ? this.#field(selection) : this.#fragment(selection);
      return this.#conditional(selection.element, read);
    });
    return (input, output, type, variables) => {
      for (const read of readers) read(input, output, type, variables);
    };
  }

  #field(selection: FieldSelection): ReadObject {
    const field = selection.element;
    const name = field.responseName();
    if (field.definition.isSchemaIntrospectionField() || name in Object.prototype) this.complete = false;
    if (field.name === typenameFieldName) return this.#typename(name);
    const read = this.#value(field.definition.type!, selection.selectionSet);
    return (input, output, _type, variables) => {
      output[name] = read(input[name] ?? null, output[name], variables);
    };
  }

  #typename(name: string): ReadObject {
    return (input, output, type) => {
      if (output[name] !== undefined) return;
      const said = input[name] ?? input[typenameFieldName];
      const actual = typeof said === 'string' ? (this.schema.type(said) ?? type) : type;
      if (!isObjectType(actual)) throw NOT_AS_PROMISED;
      output[name] = actual.name;
    };
  }

  #fragment(selection: FragmentSelection): ReadObject {
    const { typeCondition } = selection.element;
    const read = this.selectionSet(selection.selectionSet);
    if (!typeCondition) return read;
    return (input, output, type, variables) => {
      const actual = this.#typeOf(input) ?? (input[typenameFieldName] ? undefined : type);
      if (actual && isSubtype(typeCondition, actual)) read(input, output, typeCondition, variables);
    };
  }

  /** The type that an object says it is; undefined where it says none that there is. */
  #typeOf(input: Json): NamedType | undefined {
    const name = input[typenameFieldName];
    if (name === undefined || name === '') return undefined;
    if (typeof name !== 'string') throw NOT_AS_PROMISED;
    let type = this.#types.get(name);
    if (!type) {
      type = this.schema.type(name);
      // Only those that there are: a subgraph may say whatever it likes.
      if (type) this.#types.set(name, type);
    }
    return type;
  }

  #value(type: Type, set: SelectionSet | undefined): ReadValue {
    if (isNonNullType(type)) {
      const read = this.#value(type.ofType, set);
      return (input, output, variables) => {
        const value = read(input, output, variables);
        if (value === null) throw NOT_AS_PROMISED;
        return value;
      };
    }
    if (isListType(type)) return readList(this.#value(type.ofType, set));
    if (isCompositeType(type)) {
      if (set) return this.#object(type, this.selectionSet(set));
      this.complete = false;
    }
    const fits = this.#fits(type as ScalarType | EnumType);
    return (input, output) => {
      if (output !== undefined) return output;
      if (input === null) return null;
      if (!fits(input)) throw NOT_AS_PROMISED;
      return input;
    };
  }

  /** The same as `isValidLeafValue`, for what most fields hold without asking again what their type is. */
  #fits(type: ScalarType | EnumType): (value: unknown) => boolean {
    const rule = (value: unknown): boolean => isValidLeafValue(this.schema, value, type);
    if (isCustomScalarType(type)) return () => true;
    if (type === this.schema.booleanType()) return (value) => typeof value === 'boolean';
    if (type === this.schema.stringType() || type === this.schema.idType())
      return (value) => typeof value === 'string' || rule(value);
    if (type === this.schema.intType()) return (value) => (value as number) === ((value as number) | 0) || rule(value);
    return rule;
  }

  #object(type: CompositeType, read: ReadObject): ReadValue {
    return (input, output, variables) => {
      if (output === null || input === null) return output === null ? null : absent(output);
      if (typeof input !== 'object') throw NOT_AS_PROMISED;
      const actual = this.#typeOf(input as Json) ?? ((input as Json)[typenameFieldName] ? undefined : type);
      if (!actual || !isCompositeType(actual)) throw NOT_AS_PROMISED;
      const object = (output ?? {}) as Json;
      read(input as Json, object, actual, variables);
      return object;
    };
  }

  /** As `@skip` and `@include` say. */
  #conditional(element: OperationElement, read: ReadObject): ReadObject {
    const skip = this.#argument(element, this.schema.skipDirective().name);
    const include = this.#argument(element, this.schema.includeDirective().name);
    if (skip === undefined && include === undefined) return read;
    return (input, output, type, variables) => {
      if (skip !== undefined && this.#holds(skip, variables)) return;
      if (include !== undefined && !this.#holds(include, variables)) return;
      read(input, output, type, variables);
    };
  }

  #argument(element: OperationElement, directive: string): unknown {
    return element.appliedDirectives.find(({ name }) => name === directive)?.arguments()['if'];
  }

  #holds(condition: unknown, variables: Values): boolean {
    if (!(condition instanceof Variable)) return condition === true;
    const { name } = condition;
    const value = Object.hasOwn(variables, name) ? variables[name] : this.defaults[name];
    if (typeof value !== 'boolean') throw NOT_AS_PROMISED;
    return value;
  }
}

function readList(read: ReadValue): ReadValue {
  return (input, output, variables) => {
    if (output === null || input === null) return output === null ? null : absent(output);
    if (!Array.isArray(input)) throw NOT_AS_PROMISED;
    if (output !== undefined && (!Array.isArray(output) || output.length !== input.length)) throw NOT_AS_PROMISED;
    const made = output as unknown[] | undefined;
    const list = new Array<unknown>(input.length);
    for (let index = 0; index < input.length; index++) {
      const item: unknown = input[index];
      if (item === undefined) throw NOT_AS_PROMISED;
      list[index] = read(item, made?.[index], variables);
    }
    return list;
  };
}

/** Nothing was brought: null, unless another selection found something, which cannot be. */
function absent(output: unknown): null {
  if (output !== undefined) throw NOT_AS_PROMISED;
  return null;
}
