import { Allow } from '@trenza/auth';
import type { Tx } from '@trenza/database';
import { judgesText, mutate, type Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, Extensions, Mutation, Resolver } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import { PRESENTED } from '../customers/search-customers.ts';
import { limitLookUps, mustServe } from '../customers/served.ts';
import { identify, alias } from './identify.ts';
import { importProfiles } from './import-profiles.ts';
import {
  AliasInput,
  IdentifyInput,
  IdentifyPayload,
  ImportProfilesInput,
  ImportProfilesPayload,
  TrackInput,
  TrackPayload,
} from './ingest.type.ts';
import { trackEvents, type TrackedEvent } from './track-events.ts';

type Profiled = { input: { profileId?: string | null } };

@Resolver()
export class IngestResolver {
  @Mutation(() => IdentifyPayload, {
    description:
      'Says who was seen and remembers what was learnt. Known identifiers lead to their customer, unknown ones become hers; an anonymous past becomes hers when she signs in. Safe to repeat.',
  })
  @Allow({
    roles: ['service', 'associate', 'care', 'admin'],
    self: (_: unknown, { input }: Profiled) => input.profileId,
  })
  identify(
    @Arg('input', () => IdentifyInput, { description: 'Who was seen.' }) input: IdentifyInput,
    @Ctx() ctx: Context,
  ): Promise<IdentifyPayload> {
    return mutate(ctx, IdentifyPayload, async (tx) => {
      await mustServe(ctx, [input.profileId], ['input', 'profileId']);
      const resolved = await identify(
        tx,
        Object.assign(forCaller(input, ctx), { channel: input.channel ?? ctx.caller.channel }),
        ctx,
      );
      await auditChange(tx, ctx, 'identify', resolved.customerId, Object.keys((input.attributes as object) ?? {}));
      await openToAssociate(tx, input, resolved, ctx);
      return resolved;
    });
  }

  @Mutation(() => TrackPayload, {
    description:
      'Records what customers did. Each event has its own result; an event that was sent before is a duplicate and counts once.',
  })
  @Allow({ roles: ['service', 'associate', 'admin'], self: (_: unknown, { input }: Profiled) => input.profileId })
  @Extensions(judgesText)
  track(
    @Arg('input', () => TrackInput, { description: 'The events.' }) input: TrackInput,
    @Ctx() ctx: Context,
  ): Promise<TrackPayload> {
    const events = input.events.map((event) => withProfile(event, input, ctx) as TrackedEvent);
    return mutate(ctx, TrackPayload, async (tx) => {
      await mustServe(
        ctx,
        events.map((event) => event.profileId),
        ['input', 'profileId'],
      );
      return { results: await trackEvents(tx, events, ctx) };
    });
  }

  @Mutation(() => IdentifyPayload, {
    description:
      'Says on purpose that two identifiers mean one person. Limits per type do not apply; a decision that these are two people does.',
  })
  @Allow({ roles: ['service', 'care', 'admin'] })
  alias(
    @Arg('input', () => AliasInput, { description: 'The two identifiers.' }) input: AliasInput,
    @Ctx() ctx: Context,
  ): Promise<IdentifyPayload> {
    return mutate(ctx, IdentifyPayload, async (tx) => {
      const resolved = await alias(tx, input, ctx);
      await auditChange(tx, ctx, 'alias', resolved.customerId, [input.of.type, input.alias.type]);
      return resolved;
    });
  }

  @Mutation(() => ImportProfilesPayload, {
    description:
      'Brings in records of another system, up to 1,000 at once. A record has one profile for ever; the same record again changes nothing.',
  })
  @Allow({ roles: ['service', 'admin'] })
  @Extensions(judgesText)
  importProfiles(
    @Arg('input', () => ImportProfilesInput, { description: 'The records.' }) input: ImportProfilesInput,
    @Ctx() ctx: Context,
  ): Promise<ImportProfilesPayload> {
    return mutate(ctx, ImportProfilesPayload, async (tx) => ({
      results: await importProfiles(tx, input.source, input.rows, ctx),
    }));
  }
}

/** Whom an associate makes known, or recognises by what that customer told her, she serves from now on as after a look-up. */
async function openToAssociate(
  tx: Tx,
  { identifiers }: IdentifyInput,
  { customerId, created }: { customerId: string; created: boolean },
  ctx: Context,
): Promise<void> {
  if (ctx.caller.role !== 'associate') return;
  const presented = (identifiers ?? [])
    .map((i) => i.type as string)
    .filter((type) => PRESENTED.includes(type as never));
  if (!created && presented.length === 0) return;
  await limitLookUps(tx, ctx);
  await auditChange(tx, ctx, 'found', customerId, presented);
}

/** What a customer says of herself comes from her, whatever source she names: else she could speak as the most trusted one. */
const HERSELF = 'self';

/** A customer speaks for herself alone: what she sends is stored under her profile, and she names no identifiers of others. */
function forCaller<T extends { profileId?: string | null; identifiers?: unknown[] | null }>(input: T, ctx: Context): T {
  if (ctx.caller.role !== 'customer') return input;
  if (!input.identifiers?.length)
    return Object.assign(input, { profileId: ctx.caller.profileId, source: HERSELF, confidence: null });
  const message =
    'A customer cannot claim identifiers; the shop does that for her after she proved them. Leave `identifiers` empty.';
  throw new DomainError('IDENTIFIERS_NOT_ALLOWED', message, ['input', 'identifiers']);
}

/** She numbers her own events: with a source of her choice she could take the numbers of the till before it does. */
const ownNumbers = (ctx: Context): string => `${HERSELF}/${ctx.caller.profileId}`;

const withProfile = (event: TrackInput['events'][number], input: TrackInput, ctx: Context) => {
  const profileId = event.profileId ?? (event.identifiers?.length ? null : input.profileId);
  return ctx.caller.role === 'customer'
    ? Object.assign(event, { identifiers: [], profileId: ctx.caller.profileId, source: ownNumbers(ctx) })
    : Object.assign(event, { profileId });
};
