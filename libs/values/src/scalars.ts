import { GraphQLDateTimeISO as DateTimeISO, GraphQLJSON, GraphQLSafeInt } from 'graphql-scalars';
import { GraphQLScalarType } from 'graphql';

/** An instant: UTC, ISO 8601, with milliseconds; a `Date` inside. */
export const GraphQLDateTimeISO = new GraphQLScalarType({
  ...DateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'An instant in UTC, ISO 8601, for example 2026-03-01T09:30:00.000Z.',
  specifiedByURL: null,
});

/** Whole numbers up to 2^53: money in minor units, points, counts. */
export const SafeInt = new GraphQLScalarType({
  ...GraphQLSafeInt.toConfig(),
  description: 'A whole number up to 2^53: money in minor units, points, counts.',
  specifiedByURL: null,
});

/** Free-form payloads. */
export const JSONScalar = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description: 'Any JSON value.',
  specifiedByURL: null,
});
