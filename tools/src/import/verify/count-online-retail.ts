import { type Counts, type Expected, noCounts, pointsFor } from './counts.ts';
import { fileNamed, rowsOf } from './files.ts';

const BOOK_KEEPING = ['M', 'm', 'D', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK', 'PADS'];

/** Counts the Online Retail file with plain loops, knowing nothing of mappings. */
export async function countOnlineRetail(path: string): Promise<Expected> {
  const customers = new Set<string>();
  const products = new Set<string>();
  const seen = new Set<string>();
  const invoices = new Map<string, { cents: number; known: boolean }>();
  for await (const row of rowsOf(fileNamed(path, 'online'))) {
    const { InvoiceNo = '', StockCode = '', UnitPrice = '', CustomerID = '' } = row;
    if (CustomerID !== '') customers.add(CustomerID);
    if (InvoiceNo.startsWith('A') || BOOK_KEEPING.includes(StockCode)) continue;
    const quantity = Number(row['Quantity']);
    const cancelled = InvoiceNo.startsWith('C');
    if (!cancelled && (quantity < 1 || (UnitPrice === '0.0' && CustomerID === ''))) continue;
    if (!cancelled) products.add(StockCode.toUpperCase());
    const whole = JSON.stringify(row);
    if (seen.has(whole)) continue;
    seen.add(whole);
    const invoice = invoices.get(InvoiceNo) ?? { cents: 0, known: CustomerID !== '' };
    invoice.cents += centsOf(UnitPrice, quantity);
    invoices.set(InvoiceNo, invoice);
  }
  const counts = { ...noCounts(), customers: customers.size, products: products.size, ...sums(invoices) };
  return { counts, skus: [...products] };
}

/** Prices have at most three decimals; in thousandths the product is a whole number. */
function centsOf(price: string, quantity: number): number {
  const thousandths = Math.round(Number(price) * 1_000) * quantity;
  return Math.sign(thousandths) * Math.floor((Math.abs(thousandths) + 5) / 10);
}

function sums(invoices: Map<string, { cents: number; known: boolean }>): Partial<Counts> {
  const result = { orders: 0, orderRevenue: 0, returns: 0, refunds: 0, points: 0 };
  for (const [number, { cents, known }] of invoices) {
    if (number.startsWith('C')) {
      result.returns += 1;
      result.refunds -= cents;
    } else {
      result.orders += 1;
      result.orderRevenue += cents;
      if (known) result.points += pointsFor(cents);
    }
  }
  return result;
}
