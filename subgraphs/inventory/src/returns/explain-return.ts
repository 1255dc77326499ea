import { inMoney } from '../products/in-money.ts';

export interface ReturnedLine {
  quantity: number;
  /** Of the line as it was sold; null without a receipt, and for history that only knows a sku. */
  sold: { quantity: number; netAmount: number; discountAmount: number; discounts: readonly string[] } | null;
  withoutReceipt: boolean;
}

/** Why a line that came back is worth what it is, so that whoever stands at the counter can say it. */
export function explainReturn({ quantity, sold, withoutReceipt }: ReturnedLine, currency: string): string {
  if (withoutReceipt) return 'Without a receipt: at the lowest price that anybody paid lately.';
  if (!sold) return 'At the value that the document said.';
  const off =
    sold.discountAmount === 0
      ? ''
      : `, after ${inMoney(sold.discountAmount, currency)} off${sold.discounts.length > 0 ? ` by ${sold.discounts.map((name) => `"${name}"`).join(' and ')}` : ''}`;
  return `${quantity} of ${sold.quantity} that cost ${inMoney(sold.netAmount, currency)} together${off}.`;
}
