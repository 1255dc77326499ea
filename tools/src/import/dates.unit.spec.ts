import { dateReader } from './dates.ts';

it('reads local time of the named zone as an instant, through summer time as well', () => {
  const read = dateReader({ format: 'yyyy-MM-dd HH:mm:ss', zone: 'Europe/London' });
  expect(read('2010-12-01 08:26:00')).toBe('2010-12-01T08:26:00.000Z');
  expect(read('2011-07-01 08:26:00')).toBe('2011-07-01T07:26:00.000Z');
});

it('reads days alone, ISO instants and epochs', () => {
  expect(dateReader({ format: 'd/M/yyyy', only: 'date' })('3/12/1984')).toBe('1984-12-03');
  expect(dateReader({ format: 'iso' })('2026-01-01T00:00:00+02:00')).toBe('2025-12-31T22:00:00.000Z');
  expect(dateReader({ format: 'seconds' })('0')).toBe('1970-01-01T00:00:00.000Z');
});

it('refuses days that do not exist, other forms and unknown zones', () => {
  const read = dateReader({ format: 'yyyy-MM-dd' });
  expect(() => read('2025-02-30')).toThrow('"2025-02-30" is not a date of the form yyyy-MM-dd');
  expect(() => read('01/02/2025')).toThrow('is not a date');
  expect(() => dateReader({ format: 'iso', zone: 'Mars/Base' })).toThrow('There is no time zone "Mars/Base"');
});
