import { run } from '@trenza/subgraph';
import { identity } from './identity.ts';

void run(identity);
