import fc from 'fast-check';
import { failureOf, failureText } from './failure.ts';

/** As the driver makes them. */
const refused = (fields: { code: string; message: string; [field: string]: string }): Error =>
  Object.assign(new Error(fields.message), { name: 'error', severity: 'ERROR', routine: 'exec', ...fields });

const PLANTED = fc.constantFrom(
  'maria.planted@example.com',
  '+34 600 123 456',
  'María de los Ángeles "Planted" O\'Hara',
  'Me llamo Planted y\n    at mi casa (calle Mayor 7:1:1)',
);

it.each([
  [
    '22P02',
    (v: string) => ({
      message: `invalid input syntax for type uuid: "${v}"`,
      where: `unnamed portal parameter $1 = '${v}'`,
    }),
  ],
  [
    '22P02',
    (v: string) => ({
      message: 'invalid input syntax for type json',
      detail: `Token "${v}" is invalid.`,
      where: `JSON data: ${v}`,
    }),
  ],
  ['22P02', (v: string) => ({ message: `la sintaxis de entrada no es válida para tipo uuid: «${v}»` })],
  ['22007', (v: string) => ({ message: `invalid input syntax for type timestamp: "${v}"` })],
  [
    '23505',
    (v: string) => ({
      message: 'duplicate key value violates unique constraint "claim_pkey"',
      detail: `Key (value)=(${v}) already exists.`,
      constraint: 'claim_pkey',
      table: 'claim',
    }),
  ],
  [
    '23514',
    (v: string) => ({
      message: 'new row for relation "claim" violates check constraint "claim_check"',
      detail: `Failing row contains (${v}).`,
      constraint: 'claim_check',
    }),
  ],
  ['P0001', (v: string) => ({ message: `there is ${v} already`, routine: 'exec_stmt_raise' })],
  ['23001', (v: string) => ({ message: `there is ${v} already`, routine: 'exec_stmt_raise' })],
  ['42601', (v: string) => ({ message: `syntax error in tsquery: "${v}"` })],
])('keeps the code and drops the values of what PostgreSQL refused with %s', (code, fields) => {
  fc.assert(
    fc.property(PLANTED, (value) => {
      const error = refused({ code, ...fields(value) });
      Object.assign(error, { parameters: [value], query: `select '${value}'`, internalQuery: value });
      for (const said of [JSON.stringify(failureOf(error)), failureText(error)]) {
        expect(said).toContain(code);
        for (const word of ['lanted', '123 456', 'Mayor', 'Ángeles']) expect(said).not.toContain(word);
      }
    }),
  );
});

it('keeps constraint, table and column, and what the text of the statement itself names', () => {
  const taken = refused({
    code: '23505',
    message: 'duplicate key …',
    constraint: 'claim_pkey',
    table: 'claim',
    column: 'value',
  });
  expect(failureOf(taken)).toMatchObject({
    code: '23505',
    constraint: 'claim_pkey',
    table: 'claim',
    column: 'value',
    routine: 'exec',
  });
  const missing = refused({ code: '42703', message: 'column "givenname" does not exist' });
  expect(failureOf(missing).message).toBe('column "givenname" does not exist');
});

it('says where an error comes from, without the lines that repeat its message', () => {
  const { stack } = failureOf(new Error('first "planted" line\n    at planted (home)'));
  expect(stack!.split('\n')[0]).toContain('failure.unit.spec');
  expect(stack).not.toContain('planted');
});

it('drops what a text that is no JSON began with', () => {
  for (const text of ['planted', '{"name":"planted" planted}', '["planted', '{"a":planted"']) {
    try {
      JSON.parse(text);
    } catch (error) {
      expect(JSON.stringify(failureOf(error))).not.toContain('planted');
      expect(failureOf(error).type).toBe('SyntaxError');
    }
  }
});

it('drops addresses and numbers to call from any message, and keeps ids of ours', () => {
  const id = '0198c0de-1234-7abc-8def-0123456789ab';
  const text = failureText(new Error(`Profile ${id} of maria.planted@example.com, 600 123 456, is not there.`));
  expect(text).toBe(`Error: Profile ${id} of … …, is not there.`);
});

it('drops what follows a quotation mark that is never closed, and knows an apostrophe', () => {
  expect(failureText(new Error(`It can't be: "María Planted`))).toBe("Error: It can't be: …");
  expect(failureText(new Error(`It can't be María's`))).toBe("Error: It can't be María's");
});

it('says of a refusal its code, and of an error without values every word', () => {
  class Refusal extends Error {
    readonly code = 'NOT_FOUND';
    toUserError(): void {}
  }
  expect(failureText(new Refusal('There is no María Planted.'))).toBe('Refusal: NOT_FOUND');
  class Contract extends Error {
    readonly withoutValues = true;
  }
  expect(failureText(new Contract('data.points: Too small: "expected" >0'))).toBe(
    'Contract: data.points: Too small: "expected" >0',
  );
  const away = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  expect(failureText(away)).toBe('Error: connect ECONNREFUSED 127.0.0.1:5432 (ECONNREFUSED)');
});

it('follows causes, the first of many errors included, and ends', () => {
  const inner = refused({ code: '23505', message: 'x', detail: 'planted' });
  const both = new AggregateError([inner, inner], 'two');
  expect(failureOf(new Error('outer', { cause: both })).cause!.cause).toMatchObject({ code: '23505' });
  const circle = new Error('round');
  circle.cause = circle;
  expect(JSON.stringify(failureOf(circle)).length).toBeLessThan(20_000);
  expect(failureOf('planted').message).not.toContain('planted');
});
