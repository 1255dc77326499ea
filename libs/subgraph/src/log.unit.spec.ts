import { withCause } from '@trenza/events';
import { createLog } from './log.ts';

const lines: string[] = [];
const log = createLog('loyalty', { write: (line) => void lines.push(line) });
const logged = (): Record<string, unknown> => JSON.parse(lines.at(-1)!) as Record<string, unknown>;
beforeEach(() => void (lines.length = 0));

it('cuts personal fields off at any depth, in lists and in errors', () => {
  const error = Object.assign(new Error('invalid input syntax for type uuid: "planted"'), {
    severity: 'ERROR',
    code: '22P02',
    detail: 'planted',
    parameters: ['planted'],
  });
  log.error(
    {
      err: error,
      reason: new Error('"planted"'),
      email: 'planted',
      customer: { id: 'c1', contacts: [{ phone: 'planted', channel: 'SMS' }], deep: { deeper: { name: 'planted' } } },
      variables: { input: { text: 'planted' } },
    },
    'A request failed.',
  );
  expect(lines.join('')).not.toContain('planted');
  expect(logged()).toMatchObject({
    msg: 'A request failed.',
    service: 'loyalty',
    err: { code: '22P02', message: 'invalid input syntax for type uuid: …' },
    customer: { id: 'c1', contacts: [{ channel: 'SMS' }] },
  });
});

it('says no more of an error that is logged by itself', () => {
  log.error({ error: new AggregateError([new Error('"planted"')], 'of planted@example.com') }, 'It failed.');
  expect(lines.join('')).not.toContain('planted');
});

it('ends with what refers to itself', () => {
  const circle: Record<string, unknown> = { id: 'c1' };
  circle['self'] = circle;
  log.warn(circle, 'Round.');
  expect(lines).toHaveLength(1);
});

it('puts each line under the request and the trace that it belongs to', () => {
  const cause = { causationId: 'r1', correlationId: 'r1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  withCause(cause, () => log.info({}, 'Here.'));
  expect(logged()).toMatchObject({ requestId: 'r1', traceId: 'a'.repeat(32) });
});
