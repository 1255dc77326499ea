import type { Caller } from '@trenza/auth';
import { type Context, isSameCustomer } from '@trenza/subgraph';
import { Channel, DomainError } from '@trenza/values';
import { GraphQLError } from 'graphql';

/** Roles that may say for whom an answer is: they speak with the customer, or for a system that does. */
const SPEAKERS: Caller['role'][] = ['service', 'care', 'associate', 'admin'];
const CHANNELS = new Map<string, Channel>(Object.values(Channel).map((channel) => [channel, channel]));

/** A channel as rows and tokens have it. */
export const toChannel = (text: string | undefined): Channel | null => CHANNELS.get(text ?? '') ?? null;
const CHANNEL_OF_ROLE: Partial<Record<Caller['role'], Channel>> = {
  associate: Channel.STORE,
  care: Channel.CALL_CENTRE,
};

const forbidden = (message: string): never => {
  throw new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });
};

/** The profile under which it is stored: herself for a customer, whom they name for staff and systems, nobody for the unknown. */
export async function speakingFor(ctx: Context, profileId: string | null | undefined): Promise<string | null> {
  const { role, profileId: own } = ctx.caller;
  if (SPEAKERS.includes(role)) return profileId ?? null;
  if (!profileId) return own ?? null;
  if (own && (await isSameCustomer(ctx, profileId, own))) return profileId;
  return forbidden('Only staff and services may answer for a customer. Leave profileId away.');
}

/** The channel named, else that of the service or role; null where neither tells. */
export function channelOf(caller: Caller, channel: Channel | null | undefined): Channel | null {
  return channel ?? toChannel(caller.channel) ?? CHANNEL_OF_ROLE[caller.role] ?? null;
}

/** An associate works in her own stores only. */
export function checkStore(caller: Caller, storeId: string | null | undefined): void {
  if (caller.role === 'associate' && (!storeId || !caller.stores.includes(storeId)))
    forbidden(`An associate may do this for her own stores only${storeId ? `, not for ${storeId}` : ''}.`);
}

const MINUTE_MS = 60_000;

/** A period that is asked for: what is missing is filled in, what is upside down refused. */
export function periodOf(
  { from, to }: { from?: Date | null; to?: Date | null },
  now: Date,
  defaultDays: number,
): { from: Date; to: Date } {
  // Up to the end of this minute: fields of one request that say nothing ask for the same period and share their statements.
  const end = to ?? new Date((Math.floor(now.getTime() / MINUTE_MS) + 1) * MINUTE_MS);
  const start = from ?? new Date(end.getTime() - defaultDays * 86_400_000);
  if (start >= end)
    throw new DomainError('PERIOD', `The period from ${start.toISOString()} to ${end.toISOString()} is empty.`, [
      'from',
    ]);
  return { from: start, to: end };
}
