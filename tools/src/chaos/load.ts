import { newId } from '@trenza/events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPlatform } from '../platform/test-platform.ts';
import { type Shop, UNIT_PRICE } from './shop.ts';

/** What was acknowledged, by profile: what must be there exactly once when all is calm again. */
export interface Acknowledged {
  sales: number;
  units: number;
  spend: number;
  grants: number;
  views: number;
}

export interface Load {
  /** Ends the load when every mutation that was begun is acknowledged. */
  stop(): Promise<void>;
  /** Waits until so many more were acknowledged: the load is under way, also on a slow machine. */
  progress(count: number): Promise<void>;
  acknowledged: Map<string, Acknowledged>;
  /** Attempts that got no answer, or an error: without any the chaos missed the load. */
  failures(): number;
  total(): number;
}

const WORKERS = 6;
const PAUSE_MS = 20;
const RETRY_PAUSE_MS = 250;
/** Everything is back within seconds; a mutation that is refused for so long is lost. */
const PATIENCE_MS = 60_000;
const UNITS = [1, 2, 3];

const SALE = `mutation ($input: TillSaleInput!) { done: tillSale(input: $input) { order { id } errors { code message } } }`;
const GRANT = `mutation ($input: EarnPointsInput!) { done: earnPoints(input: $input) { transferId errors { code message } } }`;
const VIEW = `mutation ($input: TrackInput!) { done: track(input: $input) { results { status code } errors { code message } } }`;

/** Customers buy, get points and look at products, several at once, until it is stopped. A client repeats what was not acknowledged, under the same key. */
export function startLoad(platform: TestPlatform, shop: Shop): Load {
  const acknowledged = new Map<string, Acknowledged>(
    shop.profileIds.map((id) => [id, { sales: 0, units: 0, spend: 0, grants: 0, views: 0 }]),
  );
  let stopped = false;
  let failures = 0;
  let total = 0;

  const insist = async (mutation: string, input: Record<string, unknown>): Promise<void> => {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await platform.ask(shop.token, mutation, { input }).catch((error: Error) => error);
      if (!(answer instanceof Error) && !answer.errors && answer.data?.done) {
        const refusals = answer.data.done.errors as object[];
        const refused = (answer.data.done.results ?? []).filter(
          (result: { status: string }) => result.status === 'REFUSED',
        );
        if (refusals.length + refused.length > 0) throw new Error(`refused: ${JSON.stringify(answer.data.done)}`);
        total += 1;
        return;
      }
      failures += 1;
      if (Date.now() > deadline)
        throw new Error(
          `not acknowledged in ${PATIENCE_MS / 1_000} s: ${answer instanceof Error ? answer.message : JSON.stringify(answer)}`,
        );
      await sleep(RETRY_PAUSE_MS);
    }
  };

  const one = async (step: number): Promise<void> => {
    const profileId = shop.profileIds[step % shop.profileIds.length]!;
    const sku = shop.skus[step % shop.skus.length]!;
    const done = acknowledged.get(profileId)!;
    const kind = step % 3;
    if (kind === 0) {
      const quantity = UNITS[step % UNITS.length]!;
      const input = { idempotencyKey: newId(), storeId: shop.storeId, profileId, lines: [{ sku, quantity }] };
      await insist(SALE, input);
      done.sales += 1;
      done.units += quantity;
      done.spend += quantity * UNIT_PRICE;
    } else if (kind === 1) {
      await insist(GRANT, { idempotencyKey: newId(), profileId, points: 5, reason: 'chaos' });
      done.grants += 1;
    } else {
      await insist(VIEW, {
        events: [{ eventId: newId(), kind: 'product_viewed', channel: 'WEB', profileId, category: 'chaos-view' }],
      });
      done.views += 1;
    }
  };

  let step = 0;
  const worker = async (): Promise<void> => {
    while (!stopped) {
      // Steps are shared, so that every worker does all three kinds for all customers.
      await one((step += 7));
      await sleep(PAUSE_MS);
    }
  };
  const workers = Promise.all(Array.from({ length: WORKERS }, worker));
  let broken: unknown;
  workers.catch((error: unknown) => (broken = error)); // told by stop()
  return {
    progress: async (count) => {
      const enough = total + count;
      const deadline = Date.now() + PATIENCE_MS;
      while (total < enough) {
        if (broken) throw broken;
        if (Date.now() > deadline) throw new Error(`only ${total} of ${enough} mutations were acknowledged in time`);
        await sleep(PAUSE_MS);
      }
    },
    acknowledged,
    failures: () => failures,
    total: () => total,
    stop: async () => {
      stopped = true;
      await workers;
    },
  };
}
