import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields, nodesOf } from '../customers/customer.fixture.ts';

const campaign = testSubgraph(definition);
const marketer = campaign.as({ role: 'marketer', subject: 'mar' });
const NOON = '2026-03-02T12:00:00.000Z';
let templateId: string;

beforeAll(async () => {
  const { data } = await marketer.graph(
    `mutation { saveCampaignTemplate(input: { name: "Spring", variants: [{ channel: APP, language: "es", body: "Primavera" }] }) { template { id } } }`,
  );
  templateId = data.saveCampaignTemplate.template.id;
});
beforeEach(() => campaign.clock.set(NOON));

/** A customer in a city of her own, so that each test has its own people. */
async function person(city: string, over: object = {}): Promise<string> {
  const id = newId();
  await campaign.receive(
    event('identity.customer.contact-changed.v1', {
      profileId: id,
      occurredAt: NOON,
      data: { city, language: 'es', ...over },
    }),
  );
  return id;
}
const inCity = (city: string) => ({ fact: { name: 'city', op: 'eq', value: city } });
const create = async (audience: object, over: object = {}) =>
  (
    await marketer.graph(
      `mutation ($i: CreateCampaignInput!) { createCampaign(input: $i) { campaign { id status audience } errors { code message } } }`,
      {
        i: { idempotencyKey: newId(), name: 'Spring', templateId, channel: 'APP', audience, ...over },
      },
    )
  ).data.createCampaign;
const launch = (id: string, sendAt?: string) =>
  marketer.graph(
    `mutation ($i: LaunchCampaignInput!) { launchCampaign(input: $i) { campaign { status } errors { code } } }`,
    { i: { campaignId: id, sendAt } },
  );
const progress = async (id: string) =>
  (
    await marketer.graph(
      `query ($id: ID!) { campaign(id: $id) { status template { name } progress { members heldOut waiting sent denied failed } } }`,
      { id },
    )
  ).data.campaign;
const run = () => campaign.runJob('send');

describe('a campaign', () => {
  it('reaches its audience once, however often it is launched and the job runs', async () => {
    const people = [await person('Avila'), await person('Avila'), await person('Avila')];
    await person('Burgos');
    const { campaign: made } = await create(inCity('Avila'));
    await launch(made.id);
    await Promise.all([run(), run()]);
    await launch(made.id);
    await run();
    expect(await progress(made.id)).toMatchObject({
      status: 'LAUNCHED',
      template: { name: 'Spring' },
      progress: { members: 3, sent: 3, waiting: 0, denied: 0, failed: 0 },
    });
    for (const id of people) {
      const { messages } = await customerFields(
        marketer,
        id,
        'messages { edges { node { campaignId why { text } } } }',
      );
      expect(nodesOf(messages)).toEqual([expect.objectContaining({ campaignId: made.id })]);
      expect(nodesOf(messages)[0].why[0].text).toContain('She was in the audience of the campaign “Spring”');
    }
  });

  it('is sent when it is due and not before, and not at all when it is cancelled', async () => {
    await person('Cuenca');
    const [later, never] = [(await create(inCity('Cuenca'))).campaign.id, (await create(inCity('Cuenca'))).campaign.id];
    for (const id of [later, never]) await launch(id, '2026-03-02T13:00:00Z');
    await run();
    expect((await progress(later)).status).toBe('SCHEDULED');
    await marketer.graph(`mutation ($id: ID!) { cancelCampaign(input: { campaignId: $id }) { errors { code } } }`, {
      id: never,
    });
    campaign.clock.set('2026-03-02T13:00:00Z');
    await run();
    expect((await progress(later)).progress.sent).toBe(1);
    expect((await progress(never)).progress.members).toBe(0);
    expect((await launch(never)).data.launchCampaign.errors).toEqual([{ code: 'CAMPAIGN_CANCELLED' }]);
  });

  it('reaches a customer of two profiles once, also when they become one while it is sent', async () => {
    const [a, b] = [await person('Deva'), await person('Deva')].sort() as [string, string];
    const { campaign: made } = await create(inCity('Deva'));
    await launch(made.id);
    await campaign.sql(`update campaign set status = 'launched' where id = $1`, [made.id]);
    await campaign.sql(
      `insert into campaign_member (campaign_id, profile_id, held_out, at) values ($1, $2, false, now()), ($1, $3, false, now())`,
      [made.id, a, b],
    );
    await campaign.receive(
      event('identity.customer.membership-changed.v1', {
        occurredAt: NOON,
        data: { version: 1, cause: 'merged', customers: [{ customerId: a, profileIds: [a, b] }] },
      }),
    );
    await run();
    expect((await progress(made.id)).progress).toMatchObject({ sent: 1, denied: 1 });
  });

  it('holds out the share that it was asked to, the same people whenever one looks', async () => {
    await Promise.all(Array.from({ length: 200 }, () => person('Elche')));
    const { campaign: made } = await create(inCity('Elche'), { holdOut: 0.3 });
    await launch(made.id);
    await run();
    const { members, heldOut, sent } = (await progress(made.id)).progress;
    expect(members).toBe(200);
    expect(sent).toBe(200 - heldOut);
    // Three standard deviations of a binomial share.
    expect(Math.abs(heldOut - 60)).toBeLessThan(20);
  });

  it('means whoever belongs to a segment when it is due', async () => {
    const { data } = await marketer.graph(
      `mutation ($i: SaveSegmentInput!) { saveSegment(input: $i) { segment { id } errors { message } } }`,
      {
        i: { name: 'People of Haro', rule: inCity('Haro') },
      },
    );
    const { campaign: made } = await create({ segment: data.saveSegment.segment.id });
    await person('Haro');
    await launch(made.id);
    await run();
    expect((await progress(made.id)).progress).toMatchObject({ members: 1, sent: 1 });
  });

  it('with an impossible rule, template or share is refused, telling what is wrong', async () => {
    expect((await create({ fact: { name: 'shoe_size', op: 'eq', value: 38 } })).errors[0]).toMatchObject({
      code: 'INVALID_RULE',
      message: expect.stringContaining('shoe_size'),
    });
    expect((await create({ fact: { name: 'orders', op: 'gte', value: 'three' } })).errors[0].message).toBe(
      'orders is compared with a number, not with "three".',
    );
    expect((await create({})).errors[0].code).toBe('INVALID_RULE');
    expect((await create({ everyone: true }, { channel: 'SMS' })).errors[0].code).toBe('TEMPLATE_NOT_FOUND');
    expect((await create({ everyone: true }, { holdOut: 0.9 })).errors[0].code).toBe('INVALID_HOLD_OUT');
  });
});
