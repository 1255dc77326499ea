/**
 * What waits for one subscriber. It is bounded: who reads more slowly than things happen is told so and ends, instead of
 * filling the gateway's memory.
 */
export class BoundedQueue<T> implements AsyncIterableIterator<T> {
  readonly #items: T[] = [];
  #waiting: ((result: IteratorResult<T>) => void) | null = null;
  #last: T | undefined;
  #closed = false;
  #onClose: (() => void)[] = [];

  constructor(
    private readonly most: number,
    /** The last item of a subscriber who was too slow. */
    private readonly overflowed: () => T,
  ) {}

  push(item: T): void {
    if (this.#closed) return;
    if (this.#waiting) this.#hand({ value: item, done: false });
    else if (this.#items.length < this.most) this.#items.push(item);
    else this.end(this.overflowed());
  }

  /** Ends the stream, after one more item if there is one to say. What waited is still read. */
  end(last?: T): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#last = last;
    for (const close of this.#onClose) close();
    if (!this.#waiting) return;
    if (last === undefined) this.#hand({ value: undefined, done: true });
    else {
      this.#last = undefined;
      this.#hand({ value: last, done: false });
    }
  }

  onClose(close: () => void): void {
    if (this.#closed) close();
    else this.#onClose.push(close);
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#items.length > 0) return Promise.resolve({ value: this.#items.shift()!, done: false });
    if (!this.#closed) return new Promise((resolve) => (this.#waiting = resolve));
    const last = this.#last;
    this.#last = undefined;
    return Promise.resolve(last === undefined ? { value: undefined, done: true } : { value: last, done: false });
  }

  return(): Promise<IteratorResult<T>> {
    this.#items.length = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #hand(result: IteratorResult<T>): void {
    const waiting = this.#waiting!;
    this.#waiting = null;
    waiting(result);
  }
}
