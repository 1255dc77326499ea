export type { Bus, Consumption, ConsumeOptions, IncomingMessage, OutgoingMessage } from './bus.ts';
export { BATCH_SIZE, connectNats, type NatsOptions } from './nats-bus.ts';
export { PARTITIONS, subjectOf } from './subject.ts';
