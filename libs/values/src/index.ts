import 'reflect-metadata';

export { GraphQLDateTimeISO, JSONScalar, SafeInt } from './scalars.ts';
export { Channel } from './channel.ts';
export { isTimeZone } from './time-zone.ts';
export { apportion, Money, MoneyInput } from './money.ts';
export { DomainError, UserError } from './user-error.ts';
export { distanceKm, GeoPoint, GeoPointInput } from './geo.ts';
export {
  connection,
  decodeCursor,
  DEFAULT_PAGE_SIZE,
  encodeCursor,
  MAX_PAGE_SIZE,
  PageInfo,
  pageOf,
  pageSize,
  type Connection,
  type Edge,
  type PageArgs,
} from './connection.ts';
