import 'reflect-metadata';

export {
  batch,
  defineConsumers,
  defineSubgraph,
  each,
  type Clock,
  type Context,
  type Deps,
  type Job,
  type SubgraphDefinition,
} from './definition.ts';
export { isSameCustomer, type GuardedField } from './access.ts';
export { judgesText, unstorableIn } from './unstorable-text.ts';
export { mutate, once } from './mutate.ts';
export { buildSubgraph, type SubgraphSchema } from './schema.ts';
export { consumersOf, migrationsOf, run } from './run.ts';
export { createApollo } from './server.ts';
export { createContext } from './context.ts';
export { createLog } from './log.ts';
export { enableReplay } from './dead-letters.resolver.ts';
export { profilesInRequest } from './profiles.ts';
