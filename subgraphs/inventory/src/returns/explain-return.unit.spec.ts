import { explainReturn } from './explain-return.ts';

describe('what is given back', () => {
  const sold = { quantity: 3, netAmount: 2_000, discountAmount: 1_000, discounts: ['3 for 2', 'WELCOME'] };
  const explain = (line: Partial<Parameters<typeof explainReturn>[0]>): string =>
    explainReturn({ quantity: 1, sold, withoutReceipt: false, ...line }, 'EUR');

  it('is explained by what the line cost, and by what had been taken off it', () => {
    expect(explain({})).toBe('1 of 3 that cost EUR 20.00 together, after EUR 10.00 off by "3 for 2" and "WELCOME".');
    expect(explain({ sold: { ...sold, discounts: [] } })).toBe(
      '1 of 3 that cost EUR 20.00 together, after EUR 10.00 off.',
    );
    expect(explain({ sold: { ...sold, discountAmount: 0 } })).toBe('1 of 3 that cost EUR 20.00 together.');
  });

  it('is explained where nobody knows the line', () => {
    expect(explain({ sold: null, withoutReceipt: true })).toContain('lowest price');
    expect(explain({ sold: null })).toContain('document');
  });

  it('has the decimals of its currency', () => {
    expect(explainReturn({ quantity: 3, sold: { ...sold, discountAmount: 0 }, withoutReceipt: false }, 'JPY')).toBe(
      '3 of 3 that cost JPY 2,000 together.',
    );
  });
});
