import { BoundedQueue } from './bounded-queue.ts';

const read = async (queue: BoundedQueue<string>): Promise<string[]> => {
  const items: string[] = [];
  for await (const item of queue) items.push(item);
  return items;
};

it('hands out what was pushed, in order, before it was asked for and after', async () => {
  const queue = new BoundedQueue<string>(10, () => 'too slow');
  queue.push('a');
  queue.push('b');
  const all = read(queue);
  await Promise.resolve();
  queue.push('c');
  queue.end();
  expect(await all).toEqual(['a', 'b', 'c']);
});

it('ends a reader who is too slow with a last word, and takes nothing more', async () => {
  const queue = new BoundedQueue<string>(2, () => 'too slow');
  for (const item of ['a', 'b', 'c', 'd']) queue.push(item);
  expect(await read(queue)).toEqual(['a', 'b', 'too slow']);
});

it('tells those who care when it ends, once, and at once where it has ended', () => {
  const queue = new BoundedQueue<string>(2, () => 'too slow');
  const closed = jest.fn();
  queue.onClose(closed);
  queue.end();
  queue.end();
  queue.onClose(closed);
  expect(closed).toHaveBeenCalledTimes(2);
});

it('gives a waiting reader the last word and then the end', async () => {
  const queue = new BoundedQueue<string>(2, () => 'too slow');
  const waiting = queue.next();
  queue.end('expired');
  expect(await waiting).toEqual({ value: 'expired', done: false });
  expect(await queue.next()).toEqual({ value: undefined, done: true });
});
