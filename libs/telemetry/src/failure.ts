/** What a log or a dead letter may say about an error: what it was and where it came from, never with which customer's values. */
export interface Failure {
  type: string;
  message: string;
  /** SQLSTATE of PostgreSQL, `ECONNREFUSED` and the like of the system, or our own stable code. */
  code?: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
  /** The function of PostgreSQL's source that refused. */
  routine?: string;
  /** The frames alone: the lines above them repeat the message. */
  stack?: string;
  cause?: Failure;
}

/** An error whose class promises that its message is made of our own words only. */
export interface WithoutValues {
  readonly withoutValues: true;
}

/** What libraries hang onto errors; anything may be missing, and all but these carries values (`detail`, `where`, `hint`, `parameters`, `internalQuery`). */
interface Known {
  name?: string;
  message?: string;
  stack?: string;
  code?: unknown;
  severity?: string;
  routine?: string;
  schema?: string;
  table?: string;
  column?: string;
  constraint?: string;
  syscall?: string;
  withoutValues?: boolean;
  toUserError?: unknown;
  cause?: unknown;
  errors?: unknown[];
}

/** An error in an error in an error: below that nobody looks. */
const MOST_CAUSES = 3;
const MOST_FRAMES = 20;
const LONGEST_MESSAGE = 500;

/** These messages name what the statement's own text says: undefined column, function, table, object; duplicate table. */
const NAMES_OF_THE_STATEMENT = new Set(['42703', '42883', '42P01', '42704', '42P07']);

/**
 * From the first quotation mark to the last (a value may hold some itself), or to the end. PostgreSQL's depend on its language. The apostrophe in
 * "can't" is none.
 */
const QUOTED = /(?:(?<![\p{L}\d])['’]|["`«»“”„‘])(?:[^]*["'`«»“”„‘’]|[^]*)/u;
/** Ids of ours stay; addresses, and digits enough to be a phone or a card, do not. */
const TELLING =
  /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|[^\s@]+@[^\s@]+|\+?\d(?:[\s()./-]?\d){6,}/gi;
/** "Cannot use 'in' operator to search for 'x' in …" ends with the value, without quotation marks. */
const SEARCHED = / to search for [^]*/;

/** Everything about an error that holds no values. */
export function failureOf(error: unknown, depth = 0): Failure {
  if (typeof error !== 'object' || error === null)
    return { type: typeof error, message: 'Something was thrown that is no error.' };
  const known = error as Known;
  const { schema, table, column, constraint, routine } = known;
  const cause = known.cause ?? known.errors?.[0];
  return {
    type: typeOf(known),
    message: messageOf(known),
    ...(known.code !== undefined && { code: codeOf(known.code) }),
    ...(isPostgres(known) && present({ schema, table, column, constraint, routine })),
    ...framesOf(known),
    ...(cause !== undefined && depth < MOST_CAUSES && { cause: failureOf(cause, depth + 1) }),
  };
}

/** The same in one line, for a column or a message. */
export function failureText(error: unknown): string {
  const { type, message, code, table, column, constraint } = failureOf(error);
  const where = [code, table, column, constraint].filter((part) => part && part !== message);
  return `${type}: ${message}${where.length > 0 ? ` (${where.join(', ')})` : ''}`;
}

/** One word for a span or a metric: the code, or else the class. */
export function codeOfError(error: unknown): string {
  const { code, type } = failureOf(error);
  return code ?? type;
}

const isPostgres = ({ severity, code }: Known): boolean =>
  typeof severity === 'string' && /^[0-9A-Z]{5}$/.test(String(code));

/** A class that does not name itself is called after its constructor. */
const typeOf = (error: Known): string =>
  error.name && error.name !== 'Error'
    ? error.name.slice(0, 100)
    : (Object.getPrototypeOf(error)?.constructor?.name ?? 'Error');

/** Codes are words; a library that puts something else there is not quoted. */
const codeOf = (code: unknown): string => (/^[\w.-]{1,60}$/.test(String(code)) ? String(code) : 'unknown');

function messageOf(error: Known): string {
  const { message = '', code } = error;
  if (error.withoutValues || error.syscall) return message.slice(0, LONGEST_MESSAGE);
  // A refusal speaks to the one who asked, and about her; its code says the same to everybody else.
  if (error.toUserError) return codeOf(code);
  if (isPostgres(error)) {
    if (NAMES_OF_THE_STATEMENT.has(String(code))) return message.slice(0, LONGEST_MESSAGE);
    if (error.routine === 'exec_stmt_raise') return 'Raised by a function of the database.';
  }
  return message
    .replace(SEARCHED, ' to search')
    .replace(QUOTED, '…')
    .replace(TELLING, (_, id: string | undefined) => id ?? '…')
    .slice(0, LONGEST_MESSAGE);
}

function framesOf({ stack, message = '' }: Known): { stack?: string } {
  if (typeof stack !== 'string') return {};
  const from = stack.indexOf(message);
  const frames = (from < 0 ? stack : stack.slice(from + message.length))
    .split('\n')
    .filter((line) => /^ +at \S/.test(line))
    .slice(0, MOST_FRAMES);
  return frames.length > 0 ? { stack: frames.join('\n') } : {};
}

const present = (fields: Record<string, string | undefined>): Partial<Failure> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
