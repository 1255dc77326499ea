import { event, newId, type AnyEvent } from '@trenza/events';
import type { GraphAnswer, TestSubgraph } from '@trenza/testing';

/** A customer's loyalty, as care sees it. */
export async function loyaltyOf(loyalty: TestSubgraph, id: string, selection: string): Promise<GraphAnswer['data']> {
  const { data, errors } = await loyalty
    .as({ role: 'care' })
    .graph(
      `query ($r: [_Any!]!) { customers: _entities(representations: $r) { ... on Customer { loyalty { ${selection} } } } }`,
      {
        r: [{ __typename: 'Customer', id }],
      },
    );
  expect(errors).toBeUndefined();
  return data.customers[0].loyalty;
}

export const balanceOf = async (loyalty: TestSubgraph, id: string): Promise<GraphAnswer['data']> =>
  (await loyaltyOf(loyalty, id, 'balance { available pending held owed }')).balance;

/** Runs a mutation with an `input` of type `<Name>Input`; the errors that the caller can put right are part of the answer. */
export async function run(
  loyalty: TestSubgraph,
  name: string,
  input: Record<string, unknown>,
  fields: string,
  role: 'admin' | 'service' | 'care' | 'marketer' = 'admin',
): Promise<GraphAnswer['data']> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await loyalty
    .as({ role })
    .graph(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code message path } } }`, {
      input: { idempotencyKey: newId(), ...input },
    });
  expect(errors).toBeUndefined();
  return data[name];
}

/** Proves the ledger through the graph. */
export async function expectSound(loyalty: TestSubgraph): Promise<void> {
  const { data } = await loyalty.graph(
    '{ ledgerIntegrity { sound sumOfPostings broken { ownerId account balance transfers lots } } }',
  );
  expect(data.ledgerIntegrity).toEqual({ sound: true, sumOfPostings: 0, broken: [] });
}

export const membership = (
  loyalty: TestSubgraph,
  version: number,
  cause: 'merged' | 'unmerged' | 'linked',
  ...customers: string[][]
): AnyEvent =>
  event('identity.customer.membership-changed.v1', {
    occurredAt: loyalty.clock.now(),
    data: { version, cause, customers: customers.map((profileIds) => ({ customerId: profileIds[0]!, profileIds })) },
  });

interface Line {
  sku?: string;
  netAmount: number;
  quantity?: number;
  category?: string;
}

/** A completed order; lines are named by their place. */
export function completed(
  loyalty: TestSubgraph,
  profileId: string | undefined,
  lines: Line[],
  more: Record<string, unknown> = {},
): AnyEvent & { data: { orderId: string; lines: { lineId: string }[] } } {
  const netAmount = lines.reduce((sum, line) => sum + line.netAmount, 0);
  return event('inventory.order.completed.v1', {
    profileId,
    occurredAt: loyalty.clock.now(),
    data: {
      orderId: newId(),
      number: 'T-1',
      channel: 'store',
      total: { amount: netAmount, currency: 'EUR' },
      netAmount,
      lines: lines.map((line, i) => ({ lineId: newId(), sku: `sku-${i}`, quantity: 1, ...line })),
      ...more,
    },
  }) as never;
}

export const returned = (
  loyalty: TestSubgraph,
  profileId: string,
  orderId: string | null,
  lines: { lineId: string | null; quantity: number; refundAmount?: number }[],
): AnyEvent =>
  event('inventory.order.returned.v1', {
    profileId,
    occurredAt: loyalty.clock.now(),
    data: {
      returnId: newId(),
      orderId,
      number: null,
      channel: 'web',
      lines: lines.map((line) => ({ sku: 'any', refundAmount: 0, ...line })),
      refund: { amount: 0, currency: 'EUR' },
    },
  });
