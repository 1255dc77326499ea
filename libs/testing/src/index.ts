export { cloneDatabase } from './test-database.ts';
export { FixedClock } from './fixed-clock.ts';
export { held, untilWaiting, type Held } from './held.ts';
export { keysOf, testSubgraph, type As, type GraphAnswer, type TestSubgraph } from './test-subgraph.ts';
