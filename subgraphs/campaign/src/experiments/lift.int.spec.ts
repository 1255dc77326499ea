import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';

const campaign = testSubgraph(definition);
const marketer = campaign.as({ role: 'marketer' });
const NOON = '2026-03-02T12:00:00.000Z';
beforeEach(() => campaign.clock.set(NOON));

const order = (profileId: string, at: string) =>
  event('inventory.order.completed.v1', {
    profileId,
    occurredAt: at,
    data: {
      orderId: newId(),
      number: '1',
      channel: 'web',
      total: { amount: 1_000, currency: 'EUR' },
      netAmount: 1_000,
      lines: [{ lineId: newId(), sku: 's', quantity: 1, netAmount: 1_000 }],
    },
  });

async function launched(city: string, people: number, holdOut: number): Promise<string> {
  const at = { occurredAt: NOON, data: { city } };
  await campaign.receive(
    ...Array.from({ length: people }, () =>
      event('identity.customer.contact-changed.v1', { profileId: newId(), ...at }),
    ),
  );
  const saved = await marketer.graph(
    `mutation ($n: String!) { saveCampaignTemplate(input: { name: $n, variants: [{ channel: APP, language: "es", body: "x" }] }) { template { id } } }`,
    { n: city },
  );
  const made = await marketer.graph(
    `mutation ($i: CreateCampaignInput!) { createCampaign(input: $i) { campaign { id } } }`,
    {
      i: {
        idempotencyKey: city,
        name: city,
        templateId: saved.data.saveCampaignTemplate.template.id,
        channel: 'APP',
        audience: { fact: { name: 'city', op: 'eq', value: city } },
        holdOut,
      },
    },
  );
  const { id } = made.data.createCampaign.campaign;
  await marketer.graph(`mutation ($id: ID!) { launchCampaign(input: { campaignId: $id }) { errors { code } } }`, {
    id,
  });
  await campaign.runJob('send');
  return id;
}
const liftOf = async (id: string) =>
  (
    await marketer.graph(
      `query ($id: ID!) { campaign(id: $id) { lift(days: 14) { treated { customers buyers rate spend } heldOut { customers buyers rate } rate { difference low high } spend { difference } sampleRatioProbability verdict } } }`,
      { id },
    )
  ).data.campaign.lift;

describe('the lift of a campaign', () => {
  it('is what those meant by it did against those held out, within the days, whatever became of the messages', async () => {
    const id = await launched('Lugo', 1_000, 0.4);
    const members = await campaign.sql<{ profile_id: string; held_out: boolean }>(
      'select profile_id, held_out from campaign_member where campaign_id = $1 order by profile_id',
      [id],
    );
    const [treated, heldOut] = [members.filter((m) => !m.held_out), members.filter((m) => m.held_out)];
    await campaign.receive(
      ...treated.filter((_, i) => i % 2 === 0).map((m) => order(m.profile_id, '2026-03-05T00:00:00Z')),
      ...heldOut.filter((_, i) => i % 10 === 0).map((m) => order(m.profile_id, '2026-03-05T00:00:00Z')),
      // Before she was meant, and after the days: of no account.
      ...heldOut.map((m) => order(m.profile_id, '2026-03-01T00:00:00Z')),
      ...heldOut.map((m) => order(m.profile_id, '2026-03-17T00:00:00Z')),
    );
    const lift = await liftOf(id);
    expect(lift.treated.customers + lift.heldOut.customers).toBe(1_000);
    expect(lift.treated.rate).toBeCloseTo(0.5, 2);
    expect(lift.heldOut.rate).toBeCloseTo(0.1, 2);
    expect(lift.rate.difference).toBeCloseTo(0.4, 1);
    expect(lift.rate.low).toBeGreaterThan(0.2);
    expect(lift.spend.difference).toBeCloseTo(1_000 * lift.rate.difference, 6);
    expect(lift.verdict).toContain('It made more customers buy');
  });

  it('is not claimed without a hold-out or with few customers', async () => {
    expect((await liftOf(await launched('Mahón', 5, 0))).verdict).toContain('Nobody was held out');
    expect(await liftOf(await launched('Nerja', 20, 0.5))).toMatchObject({
      rate: null,
      verdict: expect.stringContaining('too few'),
    });
  });
});
