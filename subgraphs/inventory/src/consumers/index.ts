import { customerMap } from '@trenza/customers';
import { batch, defineConsumers, each } from '@trenza/subgraph';
import { announceJoined } from '../carts/announce-joined.ts';
import { eraseCustomer, exportCustomer } from '../customers/privacy.ts';

const MEMBERSHIP = 'identity.customer.membership-changed.v1';

export const consumers = defineConsumers({
  [MEMBERSHIP]: batch(async (tx, events, deps) => {
    await customerMap[MEMBERSHIP]!(tx, events, deps);
    await announceJoined(tx, events, deps.clock.now());
  }),
  'identity.customer.erasure-requested.v1': each(eraseCustomer),
  'identity.customer.export-requested.v1': each(exportCustomer),
});
