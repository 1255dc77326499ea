import 'reflect-metadata';
import { createKeys } from '@trenza/auth';
import { connect, inTransaction } from '@trenza/database';
import { newId } from '@trenza/events';
import { Channel } from '@trenza/values';
import { payOrder } from '../orders/pay-order.ts';
import { placeOrder } from '../orders/place-order.ts';
import { tillSale } from '../orders/till-sale.ts';

/**
 * A process that buys one unit after another until it is killed or nothing is left, and says which orders it was told are paid:
 * `node buyers.ts <database> <sku> <store> <private key> <public keys>`.
 */
const BUYERS = 8;

async function main([url, sku, storeId, privateKey, publicKeys]: string[]): Promise<void> {
  const database = await connect({ url: url!, name: 'buyers' });
  const keys = createKeys('inventory', privateKey!, JSON.parse(publicKeys!) as Record<string, string>);
  const lines = [{ sku: sku!, quantity: 1 }];
  const buy = async (): Promise<string> => {
    const now = new Date();
    const profileId = newId();
    if (Math.random() < 0.3) {
      const command = { profileId, placeId: storeId!, associateId: null, lines, payments: null };
      return (await inTransaction(database, (tx) => tillSale(tx, command, { keys }, now))).id;
    }
    const command = {
      profileId,
      channel: Channel.WEB,
      lines,
      fulfilment: 'delivery',
      placeId: null,
      destination: null,
      payNow: true,
    } as const;
    const begun = await inTransaction(database, (tx) => placeOrder(tx, command, { keys }, now));
    await payOrder({ database }, begun.order.id, 'tok_ok', now, begun);
    return begun.order.id;
  };
  const buyer = async (): Promise<void> => {
    for (;;) process.stdout.write(`${await buy()}\n`);
  };
  await Promise.allSettled(Array.from({ length: BUYERS }, buyer));
  await database.destroy();
}

void main(process.argv.slice(2));
