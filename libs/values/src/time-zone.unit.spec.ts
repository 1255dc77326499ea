import { isTimeZone } from './time-zone.ts';

it('knows a time zone by its name, the first time and again', () => {
  for (const name of ['Europe/Madrid', 'Europe/Madrid', 'UTC', 'America/Argentina/ComodRivadavia'])
    expect(isTimeZone(name)).toBe(true);
});

it('takes nothing else for one, the first time or again', () => {
  for (const name of ['', 'Mars/Base', 'Mars/Base', 'Europe/Madrid ', 'x'.repeat(1_000)])
    expect(isTimeZone(name)).toBe(false);
});
