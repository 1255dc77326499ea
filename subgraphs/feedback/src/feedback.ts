import { inTransaction } from '@trenza/database';
import { defineSubgraph } from '@trenza/subgraph';
import { join } from 'node:path';
import { AlertResolver } from './alerts/alert.resolver.ts';
import { watchScores } from './alerts/raise-alerts.ts';
import { AnswerResolver } from './answers/answer.resolver.ts';
import { CaseResolver } from './cases/case.resolver.ts';
import { escalateOverdue } from './cases/change-case.ts';
import { consumers } from './consumers/index.ts';
import { CustomerReference } from './customers/customer.reference.ts';
import { ProductReference, StoreReference } from './customers/store.reference.ts';
import { askWaiting, expireInvitations } from './invitations/invite.ts';
import { ProductReviewsResolver, ReviewResolver } from './reviews/review.resolver.ts';
import { ScoreResolver } from './scores/score.resolver.ts';
import { SurveyInvitationResolver, SurveyResolver } from './surveys/survey.resolver.ts';

/** What feedback is made of. */
export const feedback = defineSubgraph({
  name: 'feedback',
  resolvers: [
    SurveyResolver,
    SurveyInvitationResolver,
    AnswerResolver,
    ReviewResolver,
    ProductReviewsResolver,
    CaseResolver,
    ScoreResolver,
    AlertResolver,
    CustomerReference,
    StoreReference,
    ProductReference,
  ],
  consumers,
  migrations: join(__dirname, 'migrations'),
  jobs: [
    {
      name: 'ask-surveys',
      everySeconds: 5,
      run: ({ database, clock }) => inTransaction(database, (tx) => askWaiting(tx, clock.now())),
    },
    {
      name: 'expire-invitations',
      everySeconds: 300,
      run: ({ database, clock }) => inTransaction(database, (tx) => expireInvitations(tx, clock.now())),
    },
    {
      name: 'escalate-cases',
      everySeconds: 30,
      run: ({ database, clock }) => inTransaction(database, (tx) => escalateOverdue(tx, clock.now())),
    },
    // A drop is to be noticed within a minute of the answers that show it.
    { name: 'watch-scores', everySeconds: 5, run: watchScores },
  ],
});
