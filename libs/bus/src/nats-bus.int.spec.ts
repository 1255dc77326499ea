import { newId } from '@trenza/events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from './bus.ts';
import { connectNats } from './nats-bus.ts';

const buses: Bus[] = [];
let prefix: string;

async function connect(): Promise<Bus> {
  const bus = await connectNats({ url: process.env['TEST_NATS_URL']!, name: 'test', prefix });
  buses.push(bus);
  return bus;
}
beforeEach(() => (prefix = `bus_${newId().slice(-12)}_`));
afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.close())));

const publish = (bus: Bus, ...texts: string[]): Promise<void> =>
  bus.publish(
    texts.map((text) => ({ id: newId(), subject: 'loyalty.points.earned.v1.p00', json: JSON.stringify(text) })),
  );

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return;
    await sleep(25);
  }
  throw new Error('it did not come to pass within five seconds');
}

/** Remembers what it is handed, in order. */
function listener(): { seen: string[]; onBatch: (messages: { json: string }[]) => Promise<void> } {
  const seen: string[] = [];
  return {
    seen,
    onBatch: async (messages) => void seen.push(...messages.map(({ json }) => JSON.parse(json) as string)),
  };
}

describe('a consumer of a stream', () => {
  it('is handed everything in order, and goes on where it stopped', async () => {
    const bus = await connect();
    await publish(bus, 'a', 'b');
    const first = listener();
    const consumption = await bus.consume({ producer: 'loyalty', consumer: 'one', onBatch: first.onBatch });
    await until(() => first.seen.length === 2);
    await consumption.stop();
    await publish(bus, 'c');
    const second = listener();
    const again = await bus.consume({ producer: 'loyalty', consumer: 'one', onBatch: second.onBatch });
    await until(() => second.seen.length === 1);
    await again.stop();
    expect([first.seen, second.seen]).toEqual([['a', 'b'], ['c']]);
  });

  it('that was killed is handed what it had not acknowledged at once, before anything newer', async () => {
    const killed = await connect();
    await publish(killed, 'a', 'b');
    let handed = 0;
    // Takes a batch and is never heard of again.
    await killed.consume({
      producer: 'loyalty',
      consumer: 'one',
      onBatch: (messages) => new Promise(() => (handed += messages.length)),
    });
    await until(() => handed === 2);

    const successor = await connect();
    await publish(successor, 'c');
    const { seen, onBatch } = listener();
    const consumption = await successor.consume({ producer: 'loyalty', consumer: 'one', onBatch });
    await until(() => seen.length >= 3);
    await consumption.stop();
    expect(seen).toEqual(['a', 'b', 'c']);
    await until(async () => (await successor.lag('loyalty', 'one')) === 0);
  });

  it('whose handler meets an outage is handed the same again, before anything newer', async () => {
    const bus = await connect();
    const { seen, onBatch } = listener();
    let failures = 0;
    const consumption = await bus.consume({
      producer: 'loyalty',
      consumer: 'one',
      onBatch: async (messages) => {
        if (failures++ < 2) {
          await publish(bus, `newer ${failures}`);
          throw new Error('no database');
        }
        await onBatch(messages);
      },
    });
    await publish(bus, 'a', 'b');
    await until(() => seen.length >= 4);
    await consumption.stop();
    expect(seen).toEqual(['a', 'b', 'newer 1', 'newer 2']);
  });

  it('keeps its place apart from that of others', async () => {
    const bus = await connect();
    await publish(bus, 'a');
    const one = listener();
    const two = listener();
    const both = [
      await bus.consume({ producer: 'loyalty', consumer: 'one', onBatch: one.onBatch }),
      await bus.consume({ producer: 'loyalty', consumer: 'one-more', onBatch: two.onBatch }),
    ];
    await until(() => one.seen.length === 1 && two.seen.length === 1);
    await Promise.all(both.map((consumption) => consumption.stop()));
    await publish(bus, 'b');
    await until(async () => (await bus.lag('loyalty', 'one')) === 1);
    await expect(bus.lag('loyalty', 'nobody')).rejects.toThrow('There is no consumer "nobody"');
  });
});
