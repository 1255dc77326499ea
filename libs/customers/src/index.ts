import { join } from 'node:path';

export { customerMap, customerMapProjection, profilesOf, resolveCustomer, resolveCustomers } from './customer-map.ts';
export { afterErasure, erasedAmong, keepOut, profileErased, refuseErased } from './erasure.ts';

export const migrations = join(__dirname, 'migrations');
