/** An amount in words, for people: every currency has its own number of decimals. */
export function inMoney(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits!).replace(/\u00a0/g, ' ');
}
