import { inTransaction } from '@trenza/database';
import { defineSubgraph } from '@trenza/subgraph';
import { join } from 'node:path';
import { consumers } from './consumers/index.ts';
import { CustomerReference } from './customers/customer.reference.ts';
import { DecisionResolver } from './decisions/decision.resolver.ts';
import { settleDecisions } from './decisions/record-outcome.ts';
import { TaskResolver } from './tasks/task.resolver.ts';
import { refreshBaselines } from './intent/detect-spikes.ts';

export const campaign = defineSubgraph({
  name: 'campaign',
  resolvers: [CustomerReference, DecisionResolver, TaskResolver],
  consumers,
  migrations: join(__dirname, 'migrations'),
  jobs: [
    {
      name: 'keep-house',
      everySeconds: 300,
      run: async ({ database, clock }) => {
        await inTransaction(database, (tx) => refreshBaselines(tx, clock.now()));
        await inTransaction(database, (tx) => settleDecisions(tx, clock.now()));
      },
    },
  ],
});
