import { run } from '@trenza/subgraph';
import { campaign } from './campaign.ts';

void run(campaign);
