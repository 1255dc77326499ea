import { parentPort, workerData } from 'node:worker_threads';
import { people, PEOPLE_FIELDS } from './people.ts';
import { qualityOf } from './quality.ts';

// A thread of its own per size, so that the memory of one is not counted for the next.
const { rows, truth } = people(workerData as number);
const quality = qualityOf({ name: 'generated', rows, specs: PEOPLE_FIELDS, truth });
parentPort!.postMessage({ ...quality, bytes: process.memoryUsage().rss });
