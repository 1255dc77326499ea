import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { currentRequest } from '../http/current-request.ts';
import { FAILURES } from '../subgraphs/failure.ts';
import { isPublicCode } from '../subgraphs/subgraph-errors.ts';

/** Said about the client's own document, by Apollo Server; it needs its locations. */
const DOCUMENT_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);
const DETAILS = ['limit', 'actual', 'retryAfterSeconds'] as const;

export interface ErrorReport {
  unexpected(error: unknown, requestId: string): void;
}

/** Everything that a client gets to read about an error: code, public message, path, request id; of a refused limit its values. */
export function createErrorFormatter(report: ErrorReport) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const requestId = currentRequest()?.requestId ?? '';
    const { message, path, locations } = formatted;
    const extensions = formatted.extensions ?? {};
    const code = String(extensions.code);
    if (DOCUMENT_CODES.has(code)) return { message, locations, path, extensions: { code, requestId } };
    if (code in FAILURES || isPublicCode(code)) {
      const details = Object.fromEntries(DETAILS.filter((d) => d in extensions).map((d) => [d, extensions[d]]));
      return { message, path, extensions: { code, ...details, requestId } };
    }
    report.unexpected(unwrapResolverError(error), requestId);
    return {
      message: 'Something went wrong on our side. Quote the request id when you report it.',
      path,
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    };
  };
}
