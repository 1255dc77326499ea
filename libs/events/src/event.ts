import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import { campaign } from './campaign.ts';
import { envelope, type Envelope } from './envelope.ts';
import { feedback } from './feedback.ts';
import { identity } from './identity.ts';
import { inventory } from './inventory.ts';
import { loyalty } from './loyalty.ts';

/** Every event of the platform: its type and the shape of its data. Additive within a version. */
export const contracts = { ...identity, ...loyalty, ...inventory, ...campaign, ...feedback };

export type EventType = keyof typeof contracts;
export type DataOf<T extends EventType> = z.output<(typeof contracts)[T]>;
export type EventOf<T extends EventType> = { [K in T]: Envelope<K, DataOf<K>> }[T];
export type AnyEvent = EventOf<EventType>;

/** The five that produce events; each has a JetStream stream of its name. */
export const PRODUCERS = ['identity', 'loyalty', 'inventory', 'campaign', 'feedback'] as const;
export type Producer = (typeof PRODUCERS)[number];

/** A new UUIDv7: sorts by the time it was made. */
export const newId = (): string => uuidv7();

/** Names what is wrong, never the value that is: it is written into logs and dead letters. */
export class InvalidEvent extends Error {
  readonly withoutValues = true;
}

type EventInput<T extends EventType> = Omit<
  Envelope<T, z.input<(typeof contracts)[T]>>,
  'id' | 'type' | 'occurredAt'
> & {
  id?: string;
  occurredAt: Date | string;
};

/** Makes a valid event, or throws `InvalidEvent` naming the field. */
export function event<T extends EventType>(type: T, input: EventInput<T>): EventOf<T> {
  const { id = newId(), occurredAt, ...rest } = input;
  return parseEvent({ ...rest, id, type, occurredAt: new Date(occurredAt).toISOString() }) as EventOf<T>;
}

export const isEventType = (type: string): type is EventType => type in contracts;

/** Validates an envelope and the data inside; what comes from the bus goes through here as well. */
export function parseEvent(json: unknown): AnyEvent {
  const outer = envelope.safeParse(json);
  if (!outer.success) throw new InvalidEvent(`not an event envelope: ${issues(outer.error)}`);
  const { type } = outer.data;
  if (!isEventType(type)) throw new InvalidEvent(`no contract for event type "${type}"`);
  const data = contracts[type].safeParse(outer.data.data);
  if (!data.success) throw new InvalidEvent(`${type} does not keep its contract: ${issues(data.error)}`);
  return { ...outer.data, data: data.data } as AnyEvent;
}

const issues = (error: z.ZodError): string => error.issues.map((i) => `${pathOf(i.path)}: ${saidOf(i)}`).join('; ');

/** Keys of a free-form object are values as well. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (/^[A-Za-z]\w{0,39}$|^\d+$/.test(String(part)) ? String(part) : '*')).join('.');

/** Of all that zod says only this quotes what it was given. */
const saidOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys' ? 'has fields that are not in the contract' : issue.message;

export const producerOf = (type: string): Producer => type.slice(0, type.indexOf('.')) as Producer;
