import { join } from 'node:path';

export { publish } from './publish.ts';
export { startRelay, type Relay } from './relay.ts';
export {
  batch,
  defineConsumers,
  each,
  handleEvents,
  handleMessages,
  MAX_DELIVERIES,
  producersOf,
  startConsumers,
  type BatchHandler,
  type ConsumerObserver,
  type ConsumerOptions,
  type Consumers,
} from './consumers.ts';
export {
  discardDeadLetter,
  findDeadLetter,
  listDeadLetters,
  replayDeadLetter,
  type DeadLetter,
} from './dead-letters.ts';
export {
  listRebuilds,
  rebuild,
  requestRebuild,
  runRequestedRebuilds,
  type Projection,
  type Rebuild,
} from './projections.ts';
export type { Log } from './log.ts';

export const migrations = join(__dirname, 'migrations');
