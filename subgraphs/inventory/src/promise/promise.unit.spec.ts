import { rankPlaces, type PromisePlace } from './promise.ts';

const shop = (over: Partial<PromisePlace> = {}): PromisePlace => ({
  id: 'shop',
  name: 'Gran Vía',
  kind: 'store',
  timeZone: 'Europe/Madrid',
  opening: { weekly: [...Array.from({ length: 6 }, () => [{ from: '10:00', to: '21:00' }]), []], exceptions: [] },
  services: ['pick-up', 'same-day', 'ship-from-store'],
  preparationMinutes: 60,
  sameDayCutOff: '17:00',
  shippingCutOff: '18:00',
  sameDayRadiusKm: 10,
  distanceKm: 5,
  ...over,
});
const at = (iso: string): Date => new Date(iso);
const MONDAY_NOON = at('2026-01-12T11:00:00Z');

describe('a promise', () => {
  it('of a pick-up is the preparation time within the opening hours', () => {
    const evening = at('2026-01-12T19:30:00Z'); // 20:30: half an hour left today
    expect(rankPlaces('pick-up', [shop()], evening).able[0]?.promisedFor).toEqual(at('2026-01-13T09:30:00Z'));
  });

  it('for today needs the service, the distance, the cut-off and a decent hour', () => {
    const why = (over: Partial<PromisePlace>, now = MONDAY_NOON): string | undefined =>
      rankPlaces('same-day', [shop(over)], now).unable[0]?.reason;
    expect(rankPlaces('same-day', [shop()], MONDAY_NOON).able[0]?.promisedFor).toEqual(at('2026-01-12T12:40:00Z'));
    expect(why({ services: [] })).toContain('no same-day');
    expect(why({ distanceKm: 11 })).toContain('11.0 km');
    expect(why({ distanceKm: null })).toContain('coordinates');
    expect(why({}, at('2026-01-12T16:01:00Z'))).toContain('17:00');
    expect(why({ sameDayCutOff: null }, at('2026-01-12T19:30:00Z'))).toContain('21:00');
  });

  it('of a parcel counts from the next carrier and skips Sundays', () => {
    const after = at('2026-01-16T17:30:00Z'); // Friday 18:30, after the cut-off: leaves on Saturday, arrives on Monday
    expect(rankPlaces('delivery', [shop()], after).able[0]?.promisedFor).toEqual(at('2026-01-19T20:00:00Z'));
    expect(rankPlaces('delivery', [shop()], MONDAY_NOON).able[0]?.promisedFor).toEqual(at('2026-01-13T20:00:00Z'));
    expect(rankPlaces('delivery', [shop({ distanceKm: 2_000 })], MONDAY_NOON).able[0]?.promisedFor).toEqual(
      at('2026-01-16T20:00:00Z'),
    );
  });

  it('prefers who is sooner, then who is nearer, and says why the others cannot', () => {
    const ranking = rankPlaces(
      'delivery',
      [
        shop({ id: 'far', distanceKm: 100 }),
        shop({ id: 'near', distanceKm: 1 }),
        shop({ id: 'slow', distanceKm: 500 }),
        shop({ id: 'no', services: [] }),
      ],
      MONDAY_NOON,
    );
    expect(ranking.able.map((p) => p.placeId)).toEqual(['near', 'far', 'slow']);
    expect(ranking.unable).toEqual([{ placeId: 'no', reason: 'Gran Vía does not ship parcels.' }]);
  });

  it('is kept at a place that never closes', () => {
    const always = shop({
      opening: { weekly: Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }]), exceptions: [] },
    });
    expect(rankPlaces('delivery', [always], at('2026-01-12T22:00:00Z')).able[0]?.promisedFor).toEqual(
      at('2026-01-14T20:00:00Z'),
    );
  });
});
