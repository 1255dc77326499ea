import { join } from 'node:path';
import { defineSubgraph } from '@trenza/subgraph';
import { AuditResolver } from './audit/audit.resolver.ts';
import { consumers } from './consumers/index.ts';
import { ConsentResolver } from './consent/consent.resolver.ts';
import { CustomerResolver } from './customers/customer.resolver.ts';
import { MembershipResolver } from './customers/membership.resolver.ts';
import { serves } from './customers/served.ts';
import { IdentifierResolver } from './identifiers/identifier.resolver.ts';
import { IdentifierRulesResolver } from './identifiers/identifier-rules.resolver.ts';
import { IngestResolver } from './ingest/ingest.resolver.ts';
import { JourneyMapResolver } from './journey-maps/journey-map.resolver.ts';
import { JourneyResolver } from './journey/journey.resolver.ts';
import { MatchResolver } from './matching/match.resolver.ts';
import { matchPending } from './matching/match-profiles.ts';
import { trainRequested } from './matching/train-model.ts';
import { sweepErasures, SWEEP_EVERY_SECONDS } from './privacy/erase-customer.ts';
import { PrivacyResolver } from './privacy/privacy.resolver.ts';
import { ProgressiveProfileResolver } from './progressive-profile/progressive-profile.resolver.ts';
import { enforceRetention, EVERY_SECONDS } from './retention/enforce-retention.ts';
import { RetentionResolver } from './retention/retention.resolver.ts';

/** Who was seen, who is whose, what she allows, and what she did. */
export const identity = defineSubgraph({
  name: 'identity',
  resolvers: [
    CustomerResolver,
    MembershipResolver,
    IngestResolver,
    IdentifierResolver,
    IdentifierRulesResolver,
    ConsentResolver,
    JourneyResolver,
    JourneyMapResolver,
    PrivacyResolver,
    MatchResolver,
    AuditResolver,
    ProgressiveProfileResolver,
    RetentionResolver,
  ],
  serves,
  consumers,
  migrations: join(__dirname, 'migrations'),
  jobs: [
    { name: 'match-profiles', everySeconds: 2, run: matchPending },
    { name: 'train-matching', everySeconds: 5, run: trainRequested },
    { name: 'sweep-erasures', everySeconds: SWEEP_EVERY_SECONDS, run: sweepErasures },
    { name: 'enforce-retention', everySeconds: EVERY_SECONDS, run: enforceRetention },
  ],
  ownsCustomerMap: true,
});
