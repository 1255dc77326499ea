import { unwrapResolverError } from '@apollo/server/errors';
import { DomainError } from '@trenza/values';
import type { Log } from '@trenza/outbox';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isOutage } from '@trenza/database';

/** Invalid ids and enums reach SQL as text; PostgreSQL refuses them with these. */
const INVALID_TEXT = new Set([
  '22P02' /* invalid_text_representation */,
  '22007' /* invalid_datetime_format */,
  '22008' /* datetime_field_overflow */,
]);

/**
 * What a client is told. Refusals keep their message; what she can't put right is logged here and told without its insides, because
 * messages of drivers quote statements, values and hosts.
 */
export function formatError(
  log: Log,
  subgraph: string,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, wrapped) => {
    const error = unwrapResolverError(wrapped);
    const place = {
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
    };
    if (error instanceof DomainError)
      return {
        message: error.message,
        ...place,
        extensions: { code: error.code, ...(error.path && { field: error.path }) },
      };
    if (error instanceof GraphQLError)
      return {
        message: formatted.message,
        ...place,
        extensions: { code: formatted.extensions?.['code'] ?? 'BAD_REQUEST' },
      };
    if (INVALID_TEXT.has((error as { code?: string }).code ?? '')) {
      return {
        message: `A value has the wrong form: ${(error as Error).message}.`,
        ...place,
        extensions: { code: 'BAD_USER_INPUT' },
      };
    }
    log.error({ err: error, path: formatted.path?.join('.') }, 'A request failed.');
    const [code, message] = isOutage(error)
      ? ['SUBGRAPH_UNAVAILABLE', `${subgraph} can't reach its data at the moment. Try again.`]
      : ['INTERNAL_SERVER_ERROR', `${subgraph} could not answer this. The log has the reason under the request's id.`];
    return { message, ...place, extensions: { code } };
  };
}
