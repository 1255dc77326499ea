import { readIdentifiers, type IdentifierType } from './identifier.ts';
import { normalise } from './normalise.ts';

const value = (type: IdentifierType, raw: string, country = 'ES') => {
  const result = normalise(type, raw, country);
  return 'value' in result ? result.value : undefined;
};

describe('an identifier in its normal form', () => {
  it.each([
    ['  Ana.Garcia+promo@GoogleMail.com ', 'anagarcia@gmail.com'],
    ['Ana.Garcia+promo@empresa.es', 'ana.garcia+promo@empresa.es'],
  ])('spells the mailbox %s as %s', (raw, expected) => expect(value('email', raw)).toBe(expected));

  it.each([
    ['612 34 56 78', 'ES', '+34612345678'],
    ['0034 612-345-678', 'ES', '+34612345678'],
    ['(11) 96123-4567', 'BR', '+5511961234567'],
    ['+44 7400 123456', 'ES', '+447400123456'],
  ])('reads the telephone %s in %s as %s', (raw, country, expected) =>
    expect(value('phone', raw, country)).toBe(expected),
  );

  it.each([
    ['4006 3813 33931', '4006381333931'],
    ['79927398713', '79927398713'],
    ['es-00123', 'ES00123'],
  ])('reads the card %s as %s', (raw, expected) => expect(value('card', raw)).toBe(expected));

  it('lets a system number its records as it likes', () =>
    expect([value('source', 'crm:1'), value('user', '111111')]).toEqual(['crm:1', '111111']));

  it('keeps the network of a social account', () => expect(value('social', 'Instagram:@Ana')).toBe('instagram:ana'));

  it.each([
    ['email', 'nobody'],
    ['email', 'noreply@shop.es'],
    ['email', 'ana@test.com'],
    ['phone', '123'],
    ['phone', '000000000'],
    ['card', '4111111111111112'],
    ['cookie', 'test'],
    ['cookie', 'null'],
    ['user', '-1'],
    ['device', '00000000-0000-0000-0000-000000000000'],
    ['social', 'ana'],
    ['user', 'x'.repeat(201)],
  ] as const)('refuses the %s %s with a reason', (type, raw) =>
    expect(normalise(type, raw, 'ES')).toEqual({ refused: expect.stringMatching(/\w+ \w+/) as string }),
  );
});

it('reads each identifier once, strongest first, and reports the rest', () => {
  const { identifiers, refused } = readIdentifiers(
    [
      { type: 'cookie', value: 'c1' },
      { type: 'email', value: 'ANA@empresa.es' },
      { type: 'email', value: 'ana@empresa.es' },
      { type: 'phone', value: 'call me' },
    ],
    'ES',
  );
  expect(identifiers).toEqual([
    { type: 'email', value: 'ana@empresa.es' },
    { type: 'cookie', value: 'c1' },
  ]);
  expect(refused).toEqual([{ type: 'phone', reason: expect.stringContaining('telephone') as string }]);
});
