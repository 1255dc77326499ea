import { createHash } from 'node:crypto';
import type { Tx } from '@trenza/database';
import { event, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import { recordTouchpoints, type Touchpoint } from '../journey/touchpoint.ts';
import { resolveSightings, type Clock, type Observation, type Resolved } from '../resolution/resolve-sightings.ts';
import { readObservation, refuseUnstorable, warningsOf, type ObservationInput } from './observation.ts';

export interface TrackedEvent extends ObservationInput {
  eventId: string;
  kind: string;
  channel: Channel;
  storeId?: string | null;
  productId?: string | null;
  category?: string | null;
  properties?: Record<string, unknown> | null;
}

export interface TrackResult {
  eventId: string;
  status: 'accepted' | 'duplicate' | 'refused';
  profileId: string | null;
  customerId: string | null;
  code: string | null;
  message: string | null;
}

/** One request is one transaction; a larger batch would hold its locks for longer than others should wait. */
export const MAX_EVENTS = 1_000;
const MAX_EVENT_ID = 200;
/** As large as attributes may be in all: properties travel with the event to every subgraph. */
const MAX_PROPERTIES_BYTES = 16_384;
const KIND = /^[a-z][a-z0-9_]{0,59}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Checked = { event: TrackedEvent; kind: string; id: string; observation: Observation; warnings: string[] };

/** Stores what customers did, a batch at a time. Each event has its own result; those that are refused do not hold up the others. */
export async function trackEvents(tx: Tx, events: readonly TrackedEvent[], deps: Clock): Promise<TrackResult[]> {
  if (events.length > MAX_EVENTS) {
    throw new DomainError(
      'TOO_MANY_EVENTS',
      `${events.length} events were sent, at most ${MAX_EVENTS} are taken at once. Send several batches.`,
      ['input', 'events'],
    );
  }
  const now = deps.clock.now();
  const checked = events.map((e, index) => check(e, now, index));
  const good = checked.filter((c): c is Checked => 'observation' in c);
  const places = await resolveSightings(
    tx,
    good.map((c) => c.observation),
    deps,
  );
  const placed = new Map(good.map((c, index) => [c, places[index]!]));
  const fresh = await store(tx, placed);
  return checked.map((c) => {
    if (!('observation' in c)) return c;
    const place = placed.get(c)!;
    if ('refused' in place) return refuse(c.event.eventId, place.refused, place.message);
    const message = [...c.warnings, ...place.warnings].join(' ') || null;
    // The first of two equal ids in one batch takes the entry, so the second is a duplicate.
    const status = fresh.delete(c.id) ? 'accepted' : 'duplicate';
    return {
      eventId: c.event.eventId,
      status,
      profileId: place.profileId,
      customerId: place.customerId,
      code: null,
      message,
    };
  });
}

async function store(tx: Tx, placed: ReadonlyMap<Checked, Resolved | { refused: string }>): Promise<Set<string>> {
  const accepted = new Map<string, { checked: Checked; place: Resolved }>();
  for (const [checked, place] of placed) {
    if (!('refused' in place) && !accepted.has(checked.id)) accepted.set(checked.id, { checked, place });
  }
  const fresh = await recordTouchpoints(
    tx,
    [...accepted.values()].map(({ checked, place }) => touchpointOf(checked, place)),
  );
  await publish(
    tx,
    [...fresh].map((id) => eventOf(accepted.get(id)!.checked, accepted.get(id)!.place)),
  );
  return fresh;
}

function check(tracked: TrackedEvent, now: Date, index: number): Checked | TrackResult {
  const { eventId } = tracked;
  try {
    const path = ['input', 'events', String(index)];
    refuseUnstorable(tracked);
    const kind = tracked.kind
      .trim()
      .toLowerCase()
      .replaceAll(/[\s.-]+/g, '_');
    if (!KIND.test(kind))
      throw new DomainError(
        'INVALID_KIND',
        `"${tracked.kind.slice(0, 80)}" is no kind of event. Use words such as page_view.`,
      );
    if (!eventId || eventId.length > MAX_EVENT_ID)
      throw new DomainError('INVALID_EVENT_ID', `An event id has 1 to ${MAX_EVENT_ID} characters.`);
    if (Buffer.byteLength(JSON.stringify(tracked.properties ?? {})) > MAX_PROPERTIES_BYTES) {
      throw new DomainError(
        'PROPERTIES_TOO_LARGE',
        `Properties have at most ${MAX_PROPERTIES_BYTES} bytes. Leave out what nobody reads.`,
      );
    }
    for (const [field, value] of Object.entries({
      storeId: tracked.storeId,
      productId: tracked.productId,
      profileId: tracked.profileId,
    })) {
      if (value && !UUID.test(value))
        throw new DomainError('INVALID_ID', `${field} "${value.slice(0, 60)}" is no UUID.`);
    }
    const { observation, refused } = readObservation(tracked, now, path);
    const id = idOf(observation.source, eventId);
    return { event: tracked, kind, id, observation, warnings: warningsOf(refused) };
  } catch (error) {
    if (error instanceof DomainError) return refuse(eventId.slice(0, MAX_EVENT_ID), error.code, error.message);
    throw error;
  }
}

const refuse = (eventId: string, code: string, message: string): TrackResult => ({
  eventId,
  status: 'refused',
  profileId: null,
  customerId: null,
  code,
  message,
});

/** The same event of the same source has the same id wherever and how often it arrives: a UUID (version 8) made of both. */
export function idOf(source: string, eventId: string): string {
  const hex = createHash('sha256').update(`${source}\n${eventId}`).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const touchpointOf = ({ event: e, kind, id, observation }: Checked, place: Resolved): Touchpoint => ({
  id,
  profileId: place.profileId,
  occurredAt: observation.occurredAt,
  kind,
  channel: e.channel,
  subgraph: 'identity',
  storeId: e.storeId,
  productId: e.productId,
  category: e.category,
  details: e.properties ?? {},
});

const ANONYMOUS_TYPES = new Set(['cookie', 'device']);

const eventOf = ({ event: e, kind, id, observation }: Checked, place: Resolved) =>
  event('identity.event.tracked.v1', {
    id,
    occurredAt: observation.occurredAt,
    profileId: place.profileId,
    customerId: place.customerId,
    data: {
      eventId: e.eventId,
      kind,
      channel: e.channel,
      storeId: e.storeId,
      productId: e.productId,
      category: e.category?.slice(0, 200),
      properties: e.properties ?? {},
      anonymous: !e.profileId && observation.identifiers.every((i) => ANONYMOUS_TYPES.has(i.type)),
    },
  });
