import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import { MembershipMoved } from '../resolution/lookup.ts';
import { findCustomers, type CustomerRow } from './load.ts';

/** Holds the membership of these customers still, and returns them as they are under the lock. Throws where one is not there. */
export async function lockCustomers(tx: Tx, ids: readonly string[]): Promise<CustomerRow[]> {
  const before = await present(tx, ids);
  const roots = [...new Set(before.map((c) => c.customerId))].toSorted();
  await sql(tx, 'select id from profile where id = any($1::uuid[]) order by id for no key update', [roots]);
  const now = await present(tx, ids);
  if (now.some((c) => !roots.includes(c.customerId)))
    throw new MembershipMoved('A customer changed while it was being locked.');
  return now;
}

async function present(tx: Tx, ids: readonly string[]): Promise<CustomerRow[]> {
  const rows = await findCustomers(tx, ids);
  return rows.map((row, index) => {
    if (!row) throw new DomainError('CUSTOMER_UNKNOWN', `No customer has or had the id ${ids[index]}.`, ['input']);
    if (row.erased)
      throw new DomainError(
        'CUSTOMER_ERASED',
        `The customer ${ids[index]} was erased at her request; nothing can be done with her any more.`,
        ['input'],
      );
    return row;
  });
}
