import { run } from '@trenza/subgraph';
import { inventory } from './inventory.ts';

void run(inventory);
