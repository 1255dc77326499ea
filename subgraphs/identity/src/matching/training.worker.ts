import { parentPort, workerData } from 'node:worker_threads';
import type { RecordRow } from './fields.ts';
import { trainModel } from './stored-model.ts';

// Learning takes seconds of pure reckoning; here it holds up nobody's request.
parentPort!.postMessage(trainModel(workerData as RecordRow[]));
