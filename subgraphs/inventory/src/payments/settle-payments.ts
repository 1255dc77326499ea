import { sql } from '@trenza/database';
import type { Deps } from '@trenza/subgraph';
import { paymentProvider } from './payment-provider.ts';
import './sandbox-provider.ts';

/** Calls to providers in one run; each may take a second, and the job comes back in two. */
const BATCH = 50;

/**
 * What providers are told after the commit: capture what is paid, let go of what was cancelled, give back what was returned. Each call
 * may be repeated, so a kill between the call and its note costs a second call and nothing else.
 */
export async function settlePayments({ database, log }: Pick<Deps, 'database' | 'log'>): Promise<void> {
  const open = await sql<{
    id: string;
    action: 'capture' | 'release';
    provider: string;
    reference: string | null;
    amount: number;
  }>(
    database,
    `select p.id, case when o.status = 'cancelled' then 'release' else 'capture' end as action, p.provider,
            p.provider_reference as reference, p.amount
       from payment p join orders o on o.id = p.order_id
      where (p.state = 'authorised' and o.status in ('paid', 'fulfilled', 'cancelled')) or (p.state = 'pending' and o.status = 'cancelled')
      order by p.created_at limit ${BATCH}`,
  );
  for (const { id, action, provider, reference, amount } of open) {
    await attempt(log, `${action} payment ${id}`, async () => {
      if (action === 'capture') await paymentProvider(provider).capture({ reference: reference!, amount });
      else await paymentProvider(provider).release({ paymentId: id, reference });
      await sql(database, 'update payment set state = $2 where id = $1', [
        id,
        action === 'capture' ? 'captured' : 'voided',
      ]);
    });
  }
  const refunds = await sql<{ id: string; provider: string; reference: string | null; amount: number }>(
    database,
    `select r.id, p.provider, p.provider_reference as reference, r.amount
       from refund r join payment p on p.id = r.payment_id where r.state = 'pending' and p.state = 'captured'
      order by r.created_at limit ${BATCH}`,
  );
  for (const { id, provider, reference, amount } of refunds) {
    await attempt(log, `refund ${id}`, async () => {
      // Cash and the store's own terminal are paid out at the till, by hand.
      const done =
        provider === 'till' || !reference
          ? { reference: 'till' }
          : await paymentProvider(provider).refund({ refundId: id, reference, amount });
      await sql(database, `update refund set state = 'done', provider_reference = $2 where id = $1`, [
        id,
        done.reference,
      ]);
    });
  }
}

/** One that fails is tried again by the next run and holds nobody up. */
async function attempt(log: Deps['log'], what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn({ err: error }, `The payment provider could not ${what}; it is asked again.`);
  }
}
