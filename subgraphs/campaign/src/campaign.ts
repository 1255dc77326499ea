import { inTransaction } from '@trenza/database';
import { defineSubgraph } from '@trenza/subgraph';
import { join } from 'node:path';
import { AttributionResolver } from './attribution/attribution.resolver.ts';
import { CampaignResolver } from './campaigns/campaign.resolver.ts';
import { launchDueCampaigns } from './campaigns/run-campaign.ts';
import { FlowResolver } from './flows/flow.resolver.ts';
import { advanceFlows } from './flows/run-flow.ts';
import { deliver } from './messages/deliver.ts';
import { MessageResolver } from './messages/message.resolver.ts';
import { sendDueMessages } from './messages/send-messages.ts';
import { PolicyResolver } from './policy/policy.resolver.ts';
import { ChannelResolver } from './channels/channel.resolver.ts';
import { consumers } from './consumers/index.ts';
import { CustomerReference } from './customers/customer.reference.ts';
import { DecisionResolver } from './decisions/decision.resolver.ts';
import { settleDecisions } from './decisions/record-outcome.ts';
import { TaskResolver } from './tasks/task.resolver.ts';
import { SegmentResolver } from './segments/segment.resolver.ts';
import { intentProjection } from './intent/intent-projection.ts';
import { refreshBaselines } from './intent/detect-spikes.ts';

export const campaign = defineSubgraph({
  name: 'campaign',
  resolvers: [
    CustomerReference,
    DecisionResolver,
    TaskResolver,
    MessageResolver,
    CampaignResolver,
    PolicyResolver,
    AttributionResolver,
    FlowResolver,
    ChannelResolver,
    SegmentResolver,
  ],
  consumers,
  migrations: join(__dirname, 'migrations'),
  projections: [intentProjection],
  jobs: [
    {
      name: 'send',
      everySeconds: 1,
      run: async (deps) => {
        await launchDueCampaigns(deps);
        await advanceFlows(deps);
        await sendDueMessages(deps, deliver);
      },
    },
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
