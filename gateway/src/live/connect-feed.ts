import { type Bus, connectNats } from '@trenza/bus';
import type { Logger } from 'pino';
import { Refusal } from '../errors/refusal.ts';
import { EventFeed } from './event-feed.ts';

export interface FeedConnection {
  /** Throws while there is none. */
  feed(): EventFeed;
  close(): Promise<void>;
}

export interface NatsSettings {
  natsUrl?: string;
  /** Sets streams apart, so that tests share a server. */
  natsPrefix?: string;
}

/** Connects beside everything else: a gateway without NATS answers all but subscriptions. */
export function connectFeed({ natsUrl, natsPrefix }: NatsSettings, log: Logger): FeedConnection {
  let feed: EventFeed | undefined;
  let bus: Bus | undefined;
  let closed = false;
  const connect = async (url: string): Promise<void> => {
    const connected = await connectNats({ url, name: 'gateway', prefix: natsPrefix });
    if (closed) return connected.close();
    bus = connected;
    feed = new EventFeed(connected, log);
    return undefined;
  };
  if (natsUrl)
    connect(natsUrl).catch((error: unknown) => log.error({ err: error }, 'no connection to NATS; no live updates'));
  return {
    feed: () => {
      if (!feed)
        throw new Refusal('LIVE_UNAVAILABLE', 'There are no live updates at the moment. Try again later.', 503);
      return feed;
    },
    close: async () => {
      closed = true;
      await bus?.close();
    },
  };
}
