import type { GraphQLFormattedError } from 'graphql';
import { FAILURES } from './failure.ts';

/**
 * A subgraph says by a code that an error is meant for the client. These codes are given by GraphQL servers themselves to
 * faults, or to disagreements between supergraph and subgraph, which are ours to mend and nobody's to read.
 */
const FAULT_CODES = new Set([
  'INTERNAL_SERVER_ERROR',
  'DOWNSTREAM_SERVICE_ERROR',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
]);
const PUBLIC_CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
/** Codes of the operating system (ECONNREFUSED, ETIMEDOUT …) that a careless subgraph might let through. */
const SYSTEM_CODE = /^(E[A-Z]{3,}|ERR_.*|UND_ERR_.*)$/;
/** Public messages are sentences; what is longer is a dump. */
const LONGEST_MESSAGE = 500;

export const isPublicCode = (code: unknown): code is string =>
  typeof code === 'string' && PUBLIC_CODE.test(code) && !SYSTEM_CODE.test(code) && !FAULT_CODES.has(code);

/** Keeps code, message and path of an error that is meant for the client; of any other only the path. */
export function publicError(subgraph: string, error: Partial<GraphQLFormattedError>): GraphQLFormattedError {
  const code = error.extensions?.code;
  const path = Array.isArray(error.path) ? error.path : undefined;
  if (!isPublicCode(code) || typeof error.message !== 'string')
    return { message: FAILURES.SUBGRAPH_ERROR(subgraph), path, extensions: { code: 'SUBGRAPH_ERROR' } };
  return { message: error.message.slice(0, LONGEST_MESSAGE), path, extensions: { code } };
}
