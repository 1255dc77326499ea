import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** Why something happens now: the request or the event being handled. Events made in its course carry it on. */
export interface Cause {
  causationId: string;
  correlationId: string;
  /** W3C trace context: `00-<trace>-<span>-01`. */
  traceparent: string;
}

const storage = new AsyncLocalStorage<Cause>();

export const currentCause = (): Cause | undefined => storage.getStore();

export const withCause = <T>(cause: Cause, work: () => T): T => storage.run(cause, work);

export const newTraceparent = (): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;

/** The cause that an event is to those it makes happen. */
export const causeOf = (event: { id: string; correlationId?: string; traceparent?: string }): Cause => ({
  causationId: event.id,
  correlationId: event.correlationId ?? event.id,
  traceparent: event.traceparent ?? newTraceparent(),
});
