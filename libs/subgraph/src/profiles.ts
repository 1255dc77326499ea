import { profilesOf } from '@trenza/customers';
import type { Context } from './definition.ts';

const loadProfiles = (ids: readonly string[], { database }: Context): Promise<string[][]> => profilesOf(database, ids);

/**
 * All profiles of each customer, the oldest first, in the order of the ids. Fields of one request that all need them share one statement.
 * For reads only: a change must ask within its own transaction.
 */
export const profilesInRequest = (ctx: Pick<Context, 'load'>, ids: readonly string[]): Promise<string[][]> =>
  Promise.all(ids.map((id) => ctx.load(loadProfiles, id)));
