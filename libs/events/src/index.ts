export * from './event.ts';
export { channel, CHANNELS, money, orderLine, type Channel } from './shared.ts';
export type { Envelope } from './envelope.ts';
export { causeOf, currentCause, newTraceparent, withCause, type Cause } from './cause.ts';
