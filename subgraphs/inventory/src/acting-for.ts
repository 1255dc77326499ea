import type { Tx } from '@trenza/database';
import { isSameCustomer, mutate, type Context } from '@trenza/subgraph';
import { Channel, DomainError, type UserError } from '@trenza/values';
import { GraphQLError } from 'graphql';

export interface ActingInput {
  profileId?: string | null;
  channel?: Channel | null;
}

export interface Acting {
  /** The profile under which it is stored. */
  profileId: string;
  channel: Channel;
}

/** In which channel somebody acts who did not say so. */
const CHANNEL_OF_ROLE: Partial<Record<string, Channel>> = {
  associate: Channel.STORE,
  care: Channel.CALL_CENTRE,
};

const isChannel = (text: string): text is Channel => Object.values<string>(Channel).includes(text);

/** Where something happens: a service speaks for one channel, others say it or are known by their role. */
export function channelOf(ctx: Context, input: ActingInput): Channel {
  const { role, channel } = ctx.caller;
  if (input.channel) return input.channel;
  if (channel && isChannel(channel)) return channel;
  return CHANNEL_OF_ROLE[role] ?? Channel.WEB;
}

/** For whom somebody acts: a customer for herself only, everybody else names the profile. */
export async function actingFor(ctx: Context, input: ActingInput): Promise<Acting> {
  const { role, profileId } = ctx.caller;
  const channel = channelOf(ctx, input);
  if (role !== 'customer') {
    if (input.profileId) return { profileId: input.profileId, channel };
    throw new DomainError('PROFILE_REQUIRED', `A ${role} acts for somebody: name the profileId.`, [
      'input',
      'profileId',
    ]);
  }
  if (input.profileId && !(await isSameCustomer(ctx, input.profileId, profileId!)))
    throw new GraphQLError('A customer may act for herself only.', { extensions: { code: 'FORBIDDEN' } });
  return { profileId: input.profileId ?? profileId!, channel };
}

/**
 * A mutation on behalf of somebody. Who that is, is found out before the transaction begins: a transaction that waits for a second
 * connection can starve the pool.
 */
export async function mutateFor<P extends { errors: UserError[] }>(
  ctx: Context,
  input: ActingInput,
  PayloadClass: new () => P,
  work: (tx: Tx, acting: Acting) => Promise<Omit<P, 'errors'>>,
): Promise<P> {
  const acting = await actingFor(ctx, input).catch((error: unknown) => {
    if (error instanceof DomainError) return error;
    throw error;
  });
  return mutate(ctx, PayloadClass, (tx) => {
    if (acting instanceof DomainError) throw acting;
    return work(tx, acting);
  });
}
