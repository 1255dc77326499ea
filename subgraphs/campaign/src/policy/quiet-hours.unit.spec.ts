import fc from 'fast-check';
import { DateTime } from 'luxon';
import { quietUntil } from './quiet-hours.ts';

const at = (iso: string) => new Date(iso);
const NIGHT = { from: '22:00', to: '08:00' };

describe('quiet hours', () => {
  it('defer what would arrive at night to the morning of the customer, not of the server', () => {
    expect(quietUntil(at('2026-01-15T23:30:00Z'), 'Europe/Madrid', NIGHT)).toEqual(at('2026-01-16T07:00:00Z'));
    expect(quietUntil(at('2026-01-15T23:30:00Z'), 'America/Mexico_City', NIGHT)).toBeUndefined();
  });

  it('hold before and after midnight, and end at their end to the minute', () => {
    expect(quietUntil(at('2026-01-15T21:00:00Z'), 'Europe/Madrid', NIGHT)).toEqual(at('2026-01-16T07:00:00Z'));
    expect(quietUntil(at('2026-01-16T06:59:59Z'), 'Europe/Madrid', NIGHT)).toEqual(at('2026-01-16T07:00:00Z'));
    expect(quietUntil(at('2026-01-16T07:00:00Z'), 'Europe/Madrid', NIGHT)).toBeUndefined();
    expect(quietUntil(at('2026-01-16T20:59:59Z'), 'Europe/Madrid', NIGHT)).toBeUndefined();
  });

  it('may lie within one day', () => {
    const siesta = { from: '14:00', to: '17:00' };
    expect(quietUntil(at('2026-07-01T13:00:00Z'), 'Europe/Madrid', siesta)).toEqual(at('2026-07-01T15:00:00Z'));
    expect(quietUntil(at('2026-07-01T15:00:00Z'), 'Europe/Madrid', siesta)).toBeUndefined();
  });

  it('are none where they begin when they end', () => {
    expect(quietUntil(at('2026-01-15T03:00:00Z'), 'UTC', { from: '08:00', to: '08:00' })).toBeUndefined();
  });

  it('that end in the hour which the clock leaps over end with the leap', () => {
    // In Madrid 02:00 to 03:00 does not exist on 29 March 2026; the leap is at 01:00 UTC.
    const quiet = { from: '22:00', to: '02:30' };
    expect(quietUntil(at('2026-03-29T00:30:00Z'), 'Europe/Madrid', quiet)).toEqual(at('2026-03-29T01:00:00Z'));
    expect(quietUntil(at('2026-03-29T01:00:00Z'), 'Europe/Madrid', quiet)).toBeUndefined();
  });

  it('that begin in the hour which the clock leaps over begin with the leap', () => {
    const quiet = { from: '02:30', to: '08:00' };
    expect(quietUntil(at('2026-03-29T00:59:59Z'), 'Europe/Madrid', quiet)).toBeUndefined();
    expect(quietUntil(at('2026-03-29T01:00:00Z'), 'Europe/Madrid', quiet)).toEqual(at('2026-03-29T06:00:00Z'));
  });

  it('that end in the hour which comes twice end with its second coming, without a gap in between', () => {
    // In Madrid 02:00 to 03:00 comes twice on 25 October 2026: from 00:00 and from 01:00 UTC.
    const quiet = { from: '22:00', to: '02:30' };
    for (const time of ['00:15', '00:45', '01:15'])
      expect(quietUntil(at(`2026-10-25T${time}:00Z`), 'Europe/Madrid', quiet)).toEqual(at('2026-10-25T01:30:00Z'));
    expect(quietUntil(at('2026-10-25T01:30:00Z'), 'Europe/Madrid', quiet)).toBeUndefined();
  });

  it('end at an instant that is later, at most two days and an hour away, and not quiet itself', () => {
    const time = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        fc.date({ min: at('2024-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z'), noInvalidDate: true }),
        fc.constantFrom(
          'Europe/Madrid',
          'America/Sao_Paulo',
          'America/New_York',
          'Australia/Lord_Howe',
          'Asia/Kolkata',
          'UTC',
        ),
        time,
        time,
        (now, zone, from, to) => {
          const until = quietUntil(now, zone, { from, to });
          if (until) {
            expect(until.getTime()).toBeGreaterThan(now.getTime());
            expect(until.getTime() - now.getTime()).toBeLessThanOrEqual(49 * 3_600_000);
            expect(quietUntil(until, zone, { from, to })).toBeUndefined();
          } else {
            const shown = DateTime.fromJSDate(now, { zone }).toFormat('HH:mm');
            // Not quiet: the clock shows a time outside, or one that has passed within an hour that comes twice.
            const inside = from < to ? from <= shown && shown < to : from !== to && (shown >= from || shown < to);
            if (inside) expect(DateTime.fromJSDate(now, { zone }).getPossibleOffsets().length).toBeGreaterThan(1);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('go on where the clock leaps over the only minute between them', () => {
    const almostAlways = { from: '02:01', to: '02:00' };
    expect(quietUntil(at('2026-03-28T01:01:00Z'), 'Europe/Madrid', almostAlways)).toEqual(at('2026-03-30T00:00:00Z'));
  });

  it('of an unknown zone or time are refused with the value', () => {
    expect(() => quietUntil(new Date(), 'Mars/Olympus', NIGHT)).toThrow('"Mars/Olympus" is no time zone');
    expect(() => quietUntil(new Date(), 'UTC', { from: '25:00', to: '08:00' })).toThrow('"25:00" is no local time');
  });
});
