import fc from 'fast-check';
import { attitudeOf, STARS } from '../answers/attitude.ts';
import { CASE_STATUSES, dueAt, isRecovered, isVeryNegative, mayMove, SEVERITIES, severityOf } from './case.ts';

const NPS = { min: 0, max: 10 };
const CSAT = { min: 1, max: 5 };
const CES = { min: 1, max: 7 };

const hourIn = (timeZone: string, at: Date): number =>
  Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(at));

describe('attitude', () => {
  it('of NPS is by definition: 9–10 promoter, 7–8 passive, 0–6 detractor', () => {
    const attitudes = Array.from({ length: 11 }, (_, score) => attitudeOf(score, NPS)![0]);
    expect(attitudes.join('')).toBe('dddddddpppp');
    expect(attitudeOf(8, NPS)).toBe('passive');
    expect(attitudeOf(9, NPS)).toBe('promoter');
  });

  it('of the other scales is cut at the same places', () => {
    expect([1, 2, 3, 4, 5].map((score) => attitudeOf(score, CSAT))).toEqual([
      'detractor',
      'detractor',
      'detractor',
      'passive',
      'promoter',
    ]);
    expect([4, 5, 6, 7].map((score) => attitudeOf(score, CES))).toEqual([
      'detractor',
      'passive',
      'passive',
      'promoter',
    ]);
    expect(attitudeOf(5, STARS)).toBe('promoter');
  });

  it('is unknown where no score was given', () => {
    expect(attitudeOf(null, NPS)).toBeNull();
  });
});

describe('severity', () => {
  it('follows the score', () => {
    expect([0, 2, 3, 4, 5, 6].map((score) => severityOf(score, NPS, null))).toEqual([
      'high',
      'high',
      'medium',
      'medium',
      'low',
      'low',
    ]);
  });

  it('is one step worse where the words are bitter, and never better', () => {
    expect(severityOf(6, NPS, -0.9)).toBe('medium');
    expect(severityOf(3, NPS, -0.9)).toBe('high');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), fc.float({ min: -1, max: 1, noNaN: true }), (score, sentiment) => {
        const plain = SEVERITIES.indexOf(severityOf(score, NPS, null));
        expect(SEVERITIES.indexOf(severityOf(score, NPS, sentiment))).toBeGreaterThanOrEqual(plain);
      }),
    );
  });

  it('of a review counts stars, and words only where there are no stars', () => {
    expect(isVeryNegative(2, 0.9)).toBe(true);
    expect(isVeryNegative(3, -0.9)).toBe(false);
    expect(isVeryNegative(null, -0.8)).toBe(true);
    expect(isVeryNegative(null, null)).toBe(false);
  });
});

describe('due time', () => {
  it('is 4, 24 or 72 hours after opening where the store is open then', () => {
    const opened = new Date('2026-03-02T10:30:00Z');
    expect(dueAt(opened, 'high', 'Europe/Madrid')).toEqual(new Date('2026-03-02T14:30:00Z'));
    expect(dueAt(opened, 'medium', 'Europe/Madrid')).toEqual(new Date('2026-03-03T10:30:00Z'));
    expect(dueAt(opened, 'low', 'Europe/Madrid')).toEqual(new Date('2026-03-05T10:30:00Z'));
  });

  it('is an hour after opening where it would fall in the night', () => {
    expect(dueAt(new Date('2026-03-02T20:15:00Z'), 'high', 'Europe/Madrid')).toEqual(new Date('2026-03-03T10:00:00Z'));
  });

  it('always lies within the hours of the store, not earlier than the severity allows and at most a night later', () => {
    const zones = ['Europe/Madrid', 'America/Sao_Paulo', 'America/Mexico_City', 'Asia/Kolkata', 'UTC'];
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
        fc.constantFrom(...SEVERITIES),
        fc.constantFrom(...zones),
        (opened, severity, zone) => {
          const due = dueAt(opened, severity, zone);
          const hours = (due.getTime() - opened.getTime()) / 3_600_000;
          const promised = { high: 4, medium: 24, low: 72 }[severity];
          expect(hours).toBeGreaterThanOrEqual(promised);
          expect(hours).toBeLessThanOrEqual(promised + 16);
          expect(hourIn(zone, due)).toBeGreaterThanOrEqual(10);
          expect(hourIn(zone, due)).toBeLessThan(20);
        },
      ),
    );
  });
});

describe('status', () => {
  it('never moves to itself, and every case can be closed and taken up again', () => {
    for (const status of CASE_STATUSES) expect(mayMove(status, status)).toBe(false);
    expect(mayMove('open', 'resolved')).toBe(true);
    expect(mayMove('closed', 'in-progress')).toBe(true);
    expect(mayMove('closed', 'resolved')).toBe(false);
  });

  it('is resolved by a task that reached the customer, not by one that was given up', () => {
    for (const outcome of ['recovered', 'done', 'contacted', 'notified', 'solved'])
      expect(isRecovered(outcome)).toBe(true);
    for (const outcome of ['not-recovered', 'no-answer', 'unreachable', 'failed', 'cancelled', 'No answer'])
      expect(isRecovered(outcome)).toBe(false);
  });
});
