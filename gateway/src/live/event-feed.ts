import type { Bus } from '@trenza/bus';
import { type AnyEvent, InvalidEvent, parseEvent, PRODUCERS, type Producer } from '@trenza/events';
import { failureText } from '@trenza/telemetry';
import type { Logger } from 'pino';

/** Nobody's activity: bookkeeping about a customer who is being exported or has gone. */
const NOT_ACTIVITY = /\.customer\.(erased|exported|erasure-requested|export-requested)\.v\d+$/;
const MEMBERSHIP = 'identity.customer.membership-changed.v1';
const ALERT = 'feedback.alert.raised.v1';

/** What one may listen to: a customer (by any id of hers), a store, the alerts. */
export type Topic = `customer:${string}` | `store:${string}` | 'alerts';

export interface Listener {
  topics: Set<Topic>;
  /** The id under which a customer's stream was asked for; the topics follow it through merges and unmerges. */
  customerId?: string;
  hear(event: AnyEvent): void;
}

/** The live end of the event streams, read once for all who listen. Nothing is read while nobody does. */
export class EventFeed {
  readonly #listeners = new Map<Topic, Set<Listener>>();
  #unwatch: (() => void)[] = [];
  #count = 0;

  constructor(
    private readonly bus: Pick<Bus, 'watch' | 'read'>,
    private readonly log: Logger,
  ) {}

  listen(listener: Listener): () => void {
    for (const topic of listener.topics) this.#add(topic, listener);
    if (this.#count++ === 0)
      this.#unwatch = PRODUCERS.map((producer) => this.bus.watch(`${producer}.>`, ({ json }) => this.#dispatch(json)));
    return () => {
      for (const topic of listener.topics) this.#remove(topic, listener);
      if (--this.#count === 0) for (const unwatch of this.#unwatch.splice(0)) unwatch();
    };
  }

  get listeners(): number {
    return this.#count;
  }

  /** What was stored since then about these topics, in the order of each producer. Stops after `most`. */
  async since(since: Date, topics: ReadonlySet<Topic>, most: number): Promise<AnyEvent[]> {
    const found: AnyEvent[] = [];
    const ids = [...topics].map((topic) => (topic === 'alerts' ? ALERT : topic.slice(topic.indexOf(':') + 1)));
    const read = async (producer: Producer): Promise<void> =>
      this.bus.read(
        producer,
        async (messages) => {
          for (const { json } of messages) {
            // Most of what a stream holds is about others: it is not even parsed.
            if (found.length > most || !ids.some((id) => json.includes(id))) continue;
            const event = this.#parse(json);
            if (event && topicsOf(event).some((topic) => topics.has(topic))) found.push(event);
          }
          await Promise.resolve();
        },
        { since },
      );
    await Promise.all(PRODUCERS.map(read));
    return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  #dispatch(json: string): void {
    const event = this.#parse(json);
    if (!event) return;
    if (event.type === MEMBERSHIP) this.#follow(event);
    const listeners = new Set(topicsOf(event).flatMap((topic) => [...(this.#listeners.get(topic) ?? [])]));
    for (const listener of listeners) listener.hear(event);
  }

  /** A merge gives a customer another id, an unmerge takes it away: who listens to her goes along. */
  #follow(event: Extract<AnyEvent, { type: typeof MEMBERSHIP }>): void {
    for (const { customerId, profileIds } of event.data.customers)
      for (const profileId of profileIds)
        for (const listener of [...(this.#listeners.get(`customer:${profileId}`) ?? [])])
          if (listener.customerId === profileId) this.#move(listener, customerId);
  }

  #move(listener: Listener, customerId: string): void {
    for (const topic of listener.topics) this.#remove(topic, listener);
    listener.topics = new Set<Topic>([`customer:${listener.customerId}`, `customer:${customerId}`]);
    for (const topic of listener.topics) this.#add(topic, listener);
  }

  #add(topic: Topic, listener: Listener): void {
    const known = this.#listeners.get(topic);
    if (known) known.add(listener);
    else this.#listeners.set(topic, new Set([listener]));
  }

  #remove(topic: Topic, listener: Listener): void {
    const known = this.#listeners.get(topic);
    known?.delete(listener);
    if (known?.size === 0) this.#listeners.delete(topic);
  }

  #parse(json: string): AnyEvent | undefined {
    try {
      return parseEvent(JSON.parse(json));
    } catch (error) {
      // An event of a newer version of the platform, or none at all: a live stream can do without it.
      if (error instanceof InvalidEvent || error instanceof SyntaxError)
        this.log.warn({ reason: failureText(error) }, 'an event that is not understood');
      else throw error;
      return undefined;
    }
  }
}

export function topicsOf(event: AnyEvent): Topic[] {
  if (event.type === ALERT) return ['alerts'];
  if (NOT_ACTIVITY.test(event.type)) return [];
  const topics: Topic[] = [];
  if (event.customerId) topics.push(`customer:${event.customerId}`);
  if (event.profileId && event.profileId !== event.customerId) topics.push(`customer:${event.profileId}`);
  const storeId = storeOf(event);
  if (storeId) topics.push(`store:${storeId}`);
  return topics;
}

export function storeOf(event: AnyEvent): string | undefined {
  const { storeId } = event.data as { storeId?: unknown };
  return typeof storeId === 'string' ? storeId : undefined;
}
