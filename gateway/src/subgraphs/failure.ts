/** What can go wrong between gateway and subgraph, as the client sees it. */
export const FAILURES = {
  SUBGRAPH_TIMEOUT: (name: string) => `The ${name} service did not answer in time; its fields are missing. Try again.`,
  SUBGRAPH_UNAVAILABLE: (name: string) =>
    `The ${name} service is not available; its fields are missing. Try again later.`,
  SUBGRAPH_OVERLOADED: (name: string) => `The ${name} service is busy; its fields are missing. Try again later.`,
  OPERATION_TIMEOUT: (name: string) =>
    `The time for the whole operation ran out before the ${name} service had answered. Ask for less at once.`,
  SUBGRAPH_ERROR: (name: string) => `The ${name} service failed to answer; its fields are missing.`,
} as const;

export type FailureCode = keyof typeof FAILURES;

/** `detail` is for the log and never leaves the gateway. */
export class SubgraphFailure extends Error {
  constructor(
    readonly code: FailureCode,
    readonly subgraph: string,
    readonly detail: string,
  ) {
    super(FAILURES[code](subgraph));
  }
}
