import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const call = async (name: string, type: string, input: object, fields: string, as = identity.as({ role: 'service' })) =>
  (await as.graph(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input })).data?.[name];
const identify = (input: object) => call('identify', 'IdentifyInput', input, 'profileId customerId errors { code }');
const asked = (customerId: string, field: string, refused = false, as = identity.as({ role: 'service' })) =>
  call(
    'recordProfileQuestion',
    'RecordProfileQuestionInput',
    { customerId, field, refused },
    'customer { nextQuestion { field } } errors { code }',
    as,
  );
const customer = async (id: string) =>
  (
    await identity.graph(
      'query ($id: ID!) { customer(id: $id) { completeness nextQuestion { field wordingKey wording { es en pt } reason value } } }',
      { id },
    )
  ).data.customer;
const completed = () => identity.published('identity.profile.completed.v1');

it('the most useful missing answer comes next, in her language and with its reason', async () => {
  const { customerId } = await identify({
    identifiers: [{ type: 'EMAIL', value: 'lia@correo.es' }],
    attributes: { givenName: 'Lia' },
  });
  const lia = await customer(customerId);
  expect(lia.nextQuestion).toMatchObject({ field: 'phone', wordingKey: 'question.phone', reason: 'reachability' });
  expect(Object.values(lia.nextQuestion.wording)).toEqual(Array(3).fill(expect.stringMatching(/\w+/)));
  expect(lia.completeness).toBeCloseTo(17 / 45);
});

it('she is asked once, and what she refuses she is never asked again', async () => {
  const { customerId } = await identify({ identifiers: [{ type: 'EMAIL', value: 'mar@correo.es' }] });
  const mar = identity.as({ role: 'customer', customerId });
  expect((await asked(customerId, 'phone', true, mar)).customer.nextQuestion.field).toBe('givenName');
  expect((await asked(customerId, 'givenName')).customer.nextQuestion.field).toBe('birthDate');
  identity.clock.advance({ days: 31 });
  expect((await customer(customerId)).nextQuestion.field).toBe('givenName');
  expect((await asked(customerId, 'shoeSize')).errors).toEqual([{ code: 'UNKNOWN_QUESTION' }]);
});

it('the answer to a question completes the profile once, whichever of her profiles it comes to', async () => {
  const mailbox = { type: 'EMAIL', value: 'sol@correo.es' };
  const { profileId } = await identify({ identifiers: [mailbox] });
  await asked(profileId, 'birthDate');
  await identify({ identifiers: [mailbox], attributes: { city: 'Lugo' } });
  expect(await completed()).toHaveLength(0);

  const answer = { identifiers: [{ type: 'USER', value: 'u-sol' }, mailbox], attributes: { birthDate: '1990-05-01' } };
  const later = await identify(answer);
  expect(later.profileId).not.toBe(profileId);
  await identify({ ...answer, attributes: { birthDate: '1990-05-02' } });
  const [event, ...more] = await completed();
  expect(more).toEqual([]);
  expect(event).toMatchObject({ profileId: later.profileId, customerId: profileId, data: { field: 'birthDate' } });
  expect(event!.data.completeness).toBeCloseTo(16 / 45);
  expect((await customer(profileId)).completeness).toBeCloseTo(16 / 45);
});

it('what customers are asked is what an admin sets', async () => {
  const input = { field: 'shoeSize', reason: 'relevance', value: 50, es: '¿Talla?', en: 'Size?', pt: 'Tamanho?' };
  const set = (more: object) =>
    call(
      'setProfileQuestion',
      'SetProfileQuestionInput',
      { ...input, ...more },
      'questions { field } errors { code path }',
      identity.as({ role: 'admin' }),
    );
  const { customerId } = await identify({ identifiers: [{ type: 'EMAIL', value: 'teo@correo.es' }] });
  expect((await set({ value: 1e-300 })).errors).toEqual([{ code: 'INVALID_QUESTION', path: ['input', 'value'] }]);
  expect((await set({ value: 0 })).errors).toEqual([{ code: 'INVALID_QUESTION', path: ['input', 'value'] }]);
  expect((await set({})).questions[0]).toEqual({ field: 'shoeSize' });
  expect((await customer(customerId)).nextQuestion.field).toBe('shoeSize');
  await set({ active: false });
  expect((await customer(customerId)).nextQuestion.field).toBe('phone');
});
