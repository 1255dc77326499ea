import { inTransaction } from '@trenza/database';
import { defineSubgraph, type Deps } from '@trenza/subgraph';
import { join } from 'node:path';
import { AbuseResolver } from './abuse/abuse.resolver.ts';
import { lookForAbuse } from './abuse/look-for-abuse.ts';
import { consumers } from './consumers/index.ts';
import { Customer, CustomerReference } from './customers/customer.reference.ts';
import { LoyaltyAccountResolver, PointBalanceResolver } from './customers/loyalty-account.resolver.ts';
import { EarningRulesResolver } from './earning-rules/rules.resolver.ts';
import { PointsResolver } from './points/points.resolver.ts';
import { expireHolds } from './points/release-holds.ts';
import { settleAccounts } from './points/settle-accounts.ts';
import { congratulate } from './engagement/birthdays.ts';
import { LocalProgrammesResolver } from './local-programmes/local-programmes.resolver.ts';
import { endDueProgrammes } from './local-programmes/run-local-programme.ts';
import { foldDays } from './programme/fold-days.ts';
import { ProgrammeResolver } from './programme/programme.resolver.ts';
import { RewardsResolver } from './rewards/rewards.resolver.ts';
import { StaffResolver } from './staff-incentives/staff.resolver.ts';
import { reviewStandings } from './tiers/standings.ts';

export const loyalty = defineSubgraph({
  name: 'loyalty',
  resolvers: [
    StaffResolver,
    LocalProgrammesResolver,
    AbuseResolver,
    PointsResolver,
    EarningRulesResolver,
    RewardsResolver,
    ProgrammeResolver,
    CustomerReference,
    LoyaltyAccountResolver,
    PointBalanceResolver,
  ],
  orphanedTypes: [Customer],
  consumers,
  migrations: join(__dirname, 'migrations'),
  jobs: [
    {
      name: 'congratulate',
      everySeconds: 60,
      run: (deps: Deps) => inTransaction(deps.database, (tx) => congratulate(tx, deps)),
    },
    {
      name: 'end-local-programmes',
      everySeconds: 60,
      run: (deps: Deps) => inTransaction(deps.database, (tx) => endDueProgrammes(tx, deps.clock.now())),
    },
    { name: 'fold-days', everySeconds: 5, run: (deps: Deps) => inTransaction(deps.database, foldDays) },
    {
      name: 'expire-holds',
      everySeconds: 5,
      run: (deps: Deps) => inTransaction(deps.database, (tx) => expireHolds(tx, deps)),
    },
    {
      name: 'settle-accounts',
      everySeconds: 5,
      run: (deps: Deps) => inTransaction(deps.database, (tx) => settleAccounts(tx, deps)),
    },
    {
      name: 'look-for-abuse',
      everySeconds: 60,
      run: (deps: Deps) => inTransaction(deps.database, (tx) => lookForAbuse(tx, deps.clock.now())),
    },
    {
      name: 'review-standings',
      everySeconds: 60,
      run: (deps: Deps) => inTransaction(deps.database, (tx) => reviewStandings(tx, deps.clock.now())),
    },
  ],
});
