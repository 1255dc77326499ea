import {
  afterOpenMinutes,
  ALWAYS_OPEN,
  atLocal,
  isOpen,
  nextInterval,
  openingFrom,
  openingProblem,
  type Opening,
} from './opening-hours.ts';
import { DateTime } from 'luxon';
import fc from 'fast-check';

const MADRID = 'Europe/Madrid';
const weekdays = (from: string, to: string): Opening => ({
  weekly: [...Array.from({ length: 6 }, () => [{ from, to }]), []],
  exceptions: [],
});
const at = (iso: string): Date => new Date(iso);

describe('opening hours', () => {
  const shop = weekdays('10:00', '21:00');

  it('reads the hours on the clock of the place, in summer and in winter', () => {
    expect(isOpen(shop, MADRID, at('2026-07-06T08:00:00Z'))).toBe(true); // 10:00 summer
    expect(isOpen(shop, MADRID, at('2026-01-05T08:30:00Z'))).toBe(false); // 09:30 winter
    expect(isOpen(shop, MADRID, at('2026-01-05T09:00:00Z'))).toBe(true);
    expect(isOpen(shop, MADRID, at('2026-01-05T20:00:00Z'))).toBe(false); // 21:00 sharp is closed
  });

  it('says the same however often it is asked, for hours of one text in several zones', () => {
    const text = JSON.stringify(shop);
    const remembered = openingFrom(text);
    expect(openingFrom(text)).toBe(remembered);
    const zones = [MADRID, 'Atlantic/Canary', 'America/New_York'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 400 * 24 * 60 }), (zone, minutes) => {
        const then = new Date(at('2026-01-01T00:00:00Z').getTime() + minutes * 60_000);
        const anew = JSON.parse(text) as Opening;
        expect(nextInterval(remembered, zone, then)).toEqual(nextInterval(anew, zone, then));
        expect(afterOpenMinutes(remembered, zone, then, 90)).toEqual(afterOpenMinutes(anew, zone, then, 90));
      }),
    );
  });

  it('is closed on a day without spans and on an exception without hours', () => {
    const holiday: Opening = { ...shop, exceptions: [{ date: '2026-01-06', hours: [], reason: 'Epiphany' }] };
    expect(isOpen(shop, MADRID, at('2026-01-04T12:00:00Z'))).toBe(false); // Sunday
    expect(isOpen(holiday, MADRID, at('2026-01-06T12:00:00Z'))).toBe(false);
    expect(nextInterval(holiday, MADRID, at('2026-01-06T12:00:00Z'))?.opensAt).toEqual(at('2026-01-07T09:00:00Z'));
  });

  it('lets a span reach past midnight into the next day', () => {
    const bar: Opening = { weekly: Array.from({ length: 7 }, () => [{ from: '20:00', to: '02:00' }]), exceptions: [] };
    expect(isOpen(bar, MADRID, at('2026-01-06T00:30:00Z'))).toBe(true); // 01:30 of the evening before
    expect(isOpen(bar, MADRID, at('2026-01-06T01:30:00Z'))).toBe(false);
  });

  it('takes the hour after the gap of spring and the first of the two hours of autumn', () => {
    const day = (iso: string): DateTime => DateTime.fromISO(iso, { zone: MADRID });
    expect(atLocal(day('2026-03-29'), '02:30').toUTC().toISO()).toBe('2026-03-29T01:30:00.000Z'); // 03:30 summer time
    expect(atLocal(day('2026-10-25'), '02:30').toUTC().toISO()).toBe('2026-10-25T00:30:00.000Z');
    expect(atLocal(day('2026-10-25'), '03:30').toUTC().toISO()).toBe('2026-10-25T02:30:00.000Z');
  });

  it('has 23 and 25 hours on the days of the change', () => {
    const hours = (iso: string): number => {
      const interval = nextInterval(ALWAYS_OPEN, MADRID, at(iso))!;
      return (interval.closesAt.getTime() - interval.opensAt.getTime()) / 3_600_000;
    };
    expect(hours('2026-03-29T10:00:00Z')).toBe(23);
    expect(hours('2026-10-25T10:00:00Z')).toBe(25);
  });

  it('works only while it is open', () => {
    // Saturday 20:30, two hours of work: half an hour today, the rest on Monday.
    expect(afterOpenMinutes(shop, MADRID, at('2026-01-10T19:30:00Z'), 120)).toEqual(at('2026-01-12T10:30:00Z'));
    expect(
      afterOpenMinutes({ weekly: [[], [], [], [], [], [], []], exceptions: [] }, MADRID, at('2026-01-10T19:30:00Z'), 1),
    ).toBeNull();
  });

  it('never finishes work at a time when it is closed, nor before it began', () => {
    fc.assert(
      fc.property(
        fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z'), noInvalidDate: true }),
        fc.integer({ min: 1, max: 3_000 }),
        (from, minutes) => {
          const end = afterOpenMinutes(shop, MADRID, from, minutes)!;
          expect(end.getTime() - from.getTime()).toBeGreaterThanOrEqual(minutes * 60_000);
          expect(isOpen(shop, MADRID, new Date(end.getTime() - 1))).toBe(true);
        },
      ),
    );
  });

  it('names the span that is no pair of times', () => {
    expect(openingProblem(shop)).toBeNull();
    expect(openingProblem({ ...shop, weekly: shop.weekly.slice(1) })?.path).toBe('weekly');
    expect(openingProblem({ ...shop, exceptions: [{ date: '2026-02-30', hours: [] }] })?.path).toBe(
      'exceptions.0.date',
    );
    expect(openingProblem(weekdays('10:00', '25:00'))?.message).toContain('25:00');
  });
});
