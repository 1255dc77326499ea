import type { Tx } from '@trenza/database';
import { producerOf } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { keepReceipts } from '../privacy/receipts.ts';

interface Answer {
  type: string;
  data: {
    requestId: string;
    removed?: Record<string, number>;
    anonymised?: Record<string, number>;
    document?: Record<string, unknown>;
  };
}

/** Another subgraph has forgotten a customer, or sends what it holds on her. */
export const onReceipts = (tx: Tx, events: readonly Answer[], { clock }: Deps): Promise<void> =>
  keepReceipts(
    tx,
    events.map(({ type, data }) => ({ ...data, subgraph: producerOf(type) })),
    clock.now(),
  );
