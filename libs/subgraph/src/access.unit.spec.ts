import { guard } from './access.ts';
import type { Context } from './definition.ts';

const access = { roles: ['care'] as const, served: (root: unknown) => (root as { id: string }).id };
const resolve = (): string => 'her data';
const serves = (id: string): Promise<boolean> => Promise.resolve(id === 'hers');
const ask = async (role: string, id: string | undefined): Promise<unknown> =>
  guard('Customer.journey', access, resolve, serves)(
    { id },
    {},
    { caller: { role, subject: 'someone', stores: [] } } as unknown as Context,
    {} as never,
  );

it('lets an associate ask about a customer whom she serves, and about no other', async () => {
  expect(await ask('associate', 'hers')).toBe('her data');
  for (const id of ['of another store', undefined])
    await expect(ask('associate', id)).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
});

it('asks nobody else whom she serves', async () => {
  expect(await ask('care', 'of another store')).toBe('her data');
  await expect(ask('marketer', 'hers')).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  await expect(ask('anonymous', 'hers')).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
});

it('does not build where nobody says who is served', () => {
  expect(() => guard('Customer.journey', access, resolve)).toThrow('Customer.journey');
});
