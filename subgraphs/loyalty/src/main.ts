import { run } from '@trenza/subgraph';
import { loyalty } from './loyalty.ts';

void run(loyalty);
