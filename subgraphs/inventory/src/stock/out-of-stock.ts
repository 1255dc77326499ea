import { DomainError } from '@trenza/values';
import type { Shortage } from './allocation.ts';

/** Not enough to promise. Says what is still there and where, so that the buyer can take that instead. */
export class OutOfStock extends DomainError {
  constructor(
    readonly shortages: readonly (Shortage & { sku: string })[],
    path: string[] | null = ['input', 'lines'],
  ) {
    super(
      'OUT_OF_STOCK',
      `${shortages
        .map(({ sku, asked, available }) => `Of ${sku} ${asked} were asked for and ${available} can be promised.`)
        .join(' ')} Take fewer, or look at \`shortages\` for where there still are some.`,
      path,
    );
  }
}
