import { GraphQLError } from 'graphql';

/** What a client may read about why the gateway itself refuses an operation. */
export interface RefusalDetails {
  limit?: number;
  actual?: number;
  retryAfterSeconds?: number;
}

/** The gateway says no, and says why: its own code, and where a limit is the reason the limit and the actual value. */
export class Refusal extends GraphQLError {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details: RefusalDetails = {},
  ) {
    super(message, { extensions: { code, ...details, http: { status } } });
  }
}
