import { event, newId, type AnyEvent } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { loyalty as definition } from '../loyalty.ts';
import { balanceOf, expectSound, membership } from '../testing/loyalty-graph.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

const born = (profileId: string, birthDate: string | null): AnyEvent =>
  event('identity.customer.contact-changed.v1', { profileId, occurredAt: loyalty.clock.now(), data: { birthDate } });
const on = async (instant: string): Promise<void> => {
  loyalty.clock.set(instant);
  await loyalty.runJob('congratulate');
};
const pointsOf = async (id: string): Promise<number> => (await balanceOf(loyalty, id)).available;

describe('a birthday', () => {
  it('brings points once a year and customer, on the day that it is where the programme is', async () => {
    const [ana, app] = [newId(), newId()];
    await loyalty.receive(membership(loyalty, 1, 'linked', [ana, app]));
    await loyalty.receive(born(ana, '1990-05-17'), born(app, '1990-05-17'));
    await on('2026-05-16T21:59:00Z');
    expect(await pointsOf(ana)).toBe(0);
    await on('2026-05-16T22:01:00Z'); // past midnight in Madrid
    await on('2026-05-17T12:00:00Z');
    expect(await pointsOf(ana)).toBe(100);
    await on('2027-05-17T12:00:00Z');
    const [{ n }] = (await loyalty.sql(
      `select count(*) as n from occasion where trigger = 'birthday' and profile_id = any($1)`,
      [[ana, app]],
    )) as [{ n: number }];
    expect(n).toBe(2);
  });

  it('on 29 February is kept on 1 March where there is none', async () => {
    const leap = newId();
    await loyalty.receive(born(leap, '2000-02-29'));
    await on('2027-03-01T12:00:00Z');
    expect(await pointsOf(leap)).toBe(100);
  });

  it('that is taken away is forgotten', async () => {
    const eva = newId();
    await loyalty.receive(born(eva, '1980-07-07'), born(eva, null));
    await on('2026-07-07T12:00:00Z');
    expect(await pointsOf(eva)).toBe(0);
    expect(await loyalty.sql('select 1 from birthday where profile_id = $1', [eva])).toEqual([]);
  });
});
