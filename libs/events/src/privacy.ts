import { z } from 'zod';
import { id } from './envelope.ts';

/** The answer of each subgraph to an erasure: how many rows of which kind it removed or made anonymous. */
export const erased = z.object({
  requestId: id,
  removed: z.record(z.string(), z.int()),
  anonymised: z.record(z.string(), z.int()),
});
/** The answer of each subgraph to an export: all it holds on these profiles, by kind. */
export const exported = z.object({ requestId: id, document: z.record(z.string(), z.unknown()) });
