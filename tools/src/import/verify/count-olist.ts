import { type Expected, noCounts, pointsFor } from './counts.ts';
import { fileNamed, rowsOf } from './files.ts';

const cents = (text: string | undefined): number => Math.round(Number(text) * 100);

/** Counts the Olist tables with plain loops, knowing nothing of mappings. */
export async function countOlist(folder: string): Promise<Expected> {
  const counts = noCounts();
  const money = new Map<string, { goods: number; freight: number }>();
  for await (const { order_id: id = '', price, freight_value: freight } of rowsOf(fileNamed(folder, 'order_items'))) {
    const sum = money.get(id) ?? { goods: 0, freight: 0 };
    money.set(id, { goods: sum.goods + cents(price), freight: sum.freight + cents(freight) });
  }
  for await (const { order_id: id = '', order_status: status } of rowsOf(fileNamed(folder, 'olist_orders'))) {
    const sum = money.get(id);
    if (status === 'canceled' || status === 'unavailable' || sum === undefined) continue;
    counts.orders += 1;
    counts.orderRevenue += sum.goods;
    counts.shipping += sum.freight;
    counts.points += pointsFor(sum.goods);
  }
  const customers = new Set<string>();
  for await (const { customer_unique_id: id = '' } of rowsOf(fileNamed(folder, 'customers'))) customers.add(id);
  const products = new Set<string>();
  for await (const { product_id: id = '' } of rowsOf(fileNamed(folder, 'products'))) products.add(id);
  for await (const { review_score: score } of rowsOf(fileNamed(folder, 'order_reviews'))) {
    counts.reviews += 1;
    counts.ratings += Number(score);
  }
  return { counts: { ...counts, customers: customers.size, products: products.size }, skus: [...products] };
}
