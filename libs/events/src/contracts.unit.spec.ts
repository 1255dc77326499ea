import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contracts, event, InvalidEvent, newId, parseEvent, type AnyEvent } from './event.ts';

const folder = join(__dirname, 'fixtures');
const fixtures = readdirSync(folder).flatMap(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as AnyEvent[],
);

describe('event contracts', () => {
  it.each(fixtures.map((fixture) => [fixture.type, fixture] as const))(
    '%s: a message as it was once published still parses, with all it said',
    (_, fixture) => {
      expect(parseEvent(fixture)).toMatchObject(fixture);
    },
  );

  it('has a message on record for every type', () => {
    const recorded = new Set(fixtures.map((fixture) => fixture.type));
    expect(Object.keys(contracts).filter((type) => !recorded.has(type as AnyEvent['type']))).toEqual([]);
  });

  it('names the field that keeps no contract', () => {
    expect(() =>
      event('loyalty.points.expired.v1', {
        occurredAt: new Date(),
        data: { transferId: newId(), points: -3, currency: 'points' },
      }),
    ).toThrow(/points: Too small/);
  });

  it('refuses a type without a contract', () => {
    expect(() =>
      parseEvent({ id: newId(), type: 'loyalty.unicorn.seen.v1', occurredAt: new Date().toISOString(), data: {} }),
    ).toThrow(InvalidEvent);
  });
});
