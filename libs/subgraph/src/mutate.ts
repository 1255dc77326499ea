import { attemptOf, inTransaction, send, sql, TryAgain, type Tx } from '@trenza/database';
import { DomainError, UserError } from '@trenza/values';
import { createHash } from 'node:crypto';
import type { Context } from './definition.ts';

interface Payload {
  errors: UserError[];
}

/** Runs a use case in one transaction. A `DomainError` rolls it back and comes back in `errors`; the other fields are then null. */
export async function mutate<P extends Payload>(
  ctx: Context,
  PayloadClass: new () => P,
  work: (tx: Tx) => Promise<Omit<P, 'errors'>>,
): Promise<P> {
  try {
    return Object.assign(new PayloadClass(), await inTransaction(ctx.database, work), { errors: [] });
  } catch (error) {
    if (error instanceof DomainError) return Object.assign(new PayloadClass(), { errors: [error.toUserError()] });
    throw error;
  }
}

/** Longer keys are a client's mistake, and an index of them would be slow. */
const MAX_KEY_LENGTH = 200;

const CLAIM = `insert into idempotency (operation, key, body_hash) values ($1, $2, $3)`;
const CLAIM_IF_FREE = `${CLAIM} on conflict do nothing returning key`;
const EARLIER = `select body_hash = $3 as same, result from idempotency where operation = $1 and key = $2`;
const REMEMBER = `update idempotency set result = $3 where operation = $1 and key = $2`;

/**
 * Does `work` once per `input.idempotencyKey`: a repeat gets the first result, the same key with another input is refused. Two at once: the
 * second waits for the first to commit. The result is kept as JSON, so a repeat's instants are strings.
 *
 * Nearly every key is new. So the first attempt sends its claim along with the first statement of `work` and waits for neither; PostgreSQL
 * does the one before the other. Where the key was taken, all of it is rolled back, and the second attempt looks before it leaps.
 */
export async function once<Result>(
  tx: Tx,
  operation: string,
  input: { idempotencyKey: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const { idempotencyKey: key, ...body } = input;
  if (!key || key.length > MAX_KEY_LENGTH) {
    throw new DomainError(
      'INVALID_IDEMPOTENCY_KEY',
      `An idempotency key has 1 to ${MAX_KEY_LENGTH} characters, this one has ${key.length}.`,
      ['input', 'idempotencyKey'],
    );
  }
  const hash = createHash('sha256').update(canonical(body)).digest();
  const values = [operation, key, hash];
  if (attemptOf(tx) === 1) send(tx, { name: 'idempotency-claim', text: CLAIM, values }, takenOr);
  else {
    const claimed = await sql(tx, { name: 'idempotency-claim-if-free', text: CLAIM_IF_FREE, values });
    if (claimed.length === 0) return earlierResult<Result>(tx, operation, key, hash);
  }
  const result = await work();
  send(tx, {
    name: 'idempotency-remember',
    text: REMEMBER,
    values: [operation, key, JSON.stringify(result ?? null)],
  });
  return result;
}

const takenOr = (error: unknown): Error =>
  (error as { constraint?: string }).constraint === 'idempotency_pkey'
    ? new TryAgain('The idempotency key has been used before.', { cause: error })
    : (error as Error);

async function earlierResult<Result>(tx: Tx, operation: string, key: string, hash: Buffer): Promise<Result> {
  const [earlier] = await sql<{ same: boolean; result: Result }>(tx, {
    name: 'idempotency-earlier',
    text: EARLIER,
    values: [operation, key, hash],
  });
  if (earlier?.same) return earlier.result;
  throw new DomainError(
    'IDEMPOTENCY_CONFLICT',
    `The key "${key}" was used for ${operation} with another input. Use a new key for a new request.`,
    ['input', 'idempotencyKey'],
  );
}

/** The same for equal inputs whatever the order of their fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner) && !(inner instanceof Date)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
