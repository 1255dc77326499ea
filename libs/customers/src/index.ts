import { join } from 'node:path';

export { customerMap, customerMapProjection, profilesOf, resolveCustomer, resolveCustomers } from './customer-map.ts';

export const migrations = join(__dirname, 'migrations');
