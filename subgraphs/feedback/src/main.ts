import { run } from '@trenza/subgraph';
import { feedback } from './feedback.ts';

void run(feedback);
