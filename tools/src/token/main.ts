import { ROLES, type Claims } from '@trenza/auth';
import { parseArgs } from 'node:util';
import { localToken } from '../graph/local-graph.ts';
import { dataDirFrom } from '../platform/data-dir.ts';

const USAGE = `npm run -s token -- --role ${ROLES.join('|')} [--customer ID] [--store ID …] [--channel CHANNEL] [--subject NAME] [--expires 12h]`;

/** Prints a token for the platform of this data folder, signed as an identity provider would. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      role: { type: 'string' },
      customer: { type: 'string' },
      store: { type: 'string', multiple: true },
      channel: { type: 'string' },
      subject: { type: 'string' },
      expires: { type: 'string', default: '12h' },
    },
  });
  const { role, customer, store, channel } = values;
  if (!role || !ROLES.some((known) => known === role)) throw new Error(`--role is missing or unknown. ${USAGE}`);
  if (role === 'customer' && !customer) throw new Error('A customer token says whose it is: add --customer ID.');
  if (role === 'associate' && !store) throw new Error('An associate works in a store: add --store ID.');

  const claims: Claims = {
    sub: values.subject ?? `${role}-on-a-laptop`,
    role,
    ...(customer && { customerId: customer }),
    ...(store && { stores: store }),
    ...(channel && { channel }),
  };
  process.stdout.write(`${await localToken(claims, dataDirFrom(), values.expires)}\n`);
}

main().catch((error: unknown) => {
  console.error(`token: ${(error as Error).message}`);
  process.exitCode = 1;
});
