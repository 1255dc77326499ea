import { inOnePacket, sql, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { hashOf, type AttributeValue } from '../customers/attributes.ts';
import type { Candidate } from '../customers/survivorship.ts';
import { keyOf, NATURE } from '../identifiers/identifier.ts';
import { answeredEvents } from '../progressive-profile/questions.ts';
import { contactChanges, contactsHeld, isContactAttribute, isContactIdentifier } from './contact.ts';
import { lockAndLoad, lookUp, lookUpProfiles, type Found } from './lookup.ts';
import { Planner, type Placement, type Refusal, type Sighting } from './plan.ts';
import {
  heldAfter,
  keepUnlinked,
  logMerges,
  markKnown,
  markShared,
  moveProfiles,
  write,
  type SourceRecord,
} from './write.ts';

/** A sighting with everything that the source said. */
export interface Observation extends Sighting {
  sourceId: string | null;
  channel: string | null;
  attributes: readonly AttributeValue[];
  confidence: number;
  payload: unknown;
}

export type Resolved = { profileId: string; customerId: string; created: boolean; warnings: string[] };

export interface Clock {
  clock: { now(): Date };
}

/**
 * The one way in: whoever was seen, in whatever channel, is resolved here, one or a thousand at a time. Somebody known, of whom
 * nothing new is said, costs one round trip; somebody new one more, which commits. Returns one result per observation, in their order.
 */
export async function resolveSightings(
  tx: Tx,
  observations: readonly Observation[],
  { clock }: Clock,
): Promise<(Resolved | Refusal)[]> {
  const found = await look(tx, observations);
  const slow = observations.some((o) => needsComponents(o, found));
  const known = slow ? await lockAndLoad(tx, found) : { ...found, components: new Map(), cannotLink: [] };
  const plan = new Planner(known, newId);
  const placements = observations.map((o) => plan.place(o));
  const records = await newRecords(tx, observations, placements);
  inOnePacket(tx);
  const spoken = spokenOf(plan, records);
  const before = contactsHeld(tx, olderOf(spoken, plan));
  write(tx, plan, records, clock.now());
  await follow(tx, plan, records, { spoken, before, version: known.version, now: clock.now() });
  const created = new Set(plan.profiles.map((p) => p.id));
  return placements.map((p) =>
    'refused' in p
      ? p
      : {
          profileId: p.profileId,
          customerId: plan.customerOf(p.profileId),
          created: created.has(p.profileId),
          warnings: p.warnings,
        },
  );
}

async function look(tx: Tx, observations: readonly Observation[]): Promise<Found> {
  const identifiers = new Map(observations.flatMap((o) => o.identifiers.map((i) => [keyOf(i), i] as const)));
  const found = await lookUp(tx, [...identifiers.values()]);
  const named = new Set(observations.flatMap((o) => (o.profileId ? [o.profileId] : [])));
  await lookUpProfiles(tx, [...named], found);
  return found;
}

/** Nothing has to be decided where all that is known of a sighting points to one customer and nothing in it is new. */
function needsComponents(o: Observation, found: Found): boolean {
  const owners = o.identifiers.map((i) => found.owners.get(keyOf(i)));
  const customers = new Set(owners.flatMap((owner) => (owner ? [found.customers.get(owner.profileId)] : [])));
  if (o.profileId) customers.add(found.customers.get(o.profileId));
  if (customers.size === 0) return false;
  const news = customers.size > 1 || owners.some((owner) => !owner || owner.shared);
  const doubtful = o.givenNames.length + o.birthDates.length > 0 && o.identifiers.some((i) => NATURE[i.type].shareable);
  return news || doubtful;
}

const HAD = `
  select x.source || '|' || x.source_id || '|' || x.hash as key
    from unnest($1::text[], $2::text[], $3::text[]) as x (source, source_id, hash)
    join source_record r on r.source = x.source and r.source_id = x.source_id and r.content_hash = x.hash`;

/** The records that have to be kept: those that say something, each once per content where the source numbers its records. */
async function newRecords(
  tx: Tx,
  observations: readonly Observation[],
  placements: readonly (Placement | Refusal)[],
): Promise<SourceRecord[]> {
  const records = observations.flatMap((o, index) => {
    const placement = placements[index]!;
    const silent = 'refused' in placement || (!placement.news && o.attributes.length === 0 && o.payload === null);
    return silent ? [] : [recordOf(o, placement.profileId)];
  });
  const numbered = records.filter((r) => r.sourceId !== null);
  if (numbered.length === 0) return records;
  const had = await sql<{ key: string }>(tx, {
    name: 'identity-records-had',
    text: HAD,
    values: [numbered.map((r) => r.source), numbered.map((r) => r.sourceId), numbered.map((r) => r.contentHash)],
  });
  const seen = new Set(had.map((row) => row.key));
  return records.filter((r) => {
    const key = `${r.source}|${r.sourceId}|${r.contentHash}`;
    return r.sourceId === null || (!seen.has(key) && seen.add(key));
  });
}

function recordOf(o: Observation, profileId: string): SourceRecord {
  const content = [o.identifiers.map(keyOf), o.attributes.map((a) => [a.name, a.hash]), o.payload];
  return {
    id: newId(),
    profileId,
    source: o.source,
    sourceId: o.sourceId,
    channel: o.channel,
    occurredAt: o.occurredAt,
    identifiers: o.identifiers,
    attributes: o.attributes,
    confidence: o.confidence,
    payload: o.payload,
    contentHash: hashOf(JSON.stringify(content)),
  };
}

interface Aftermath {
  spoken: Spoken;
  before: Promise<Candidate[]>;
  version: number | null;
  now: Date;
}

/** What follows from the plan: moved profiles, the log of merges, and the events that tell it. */
async function follow(
  tx: Tx,
  plan: Planner,
  records: readonly SourceRecord[],
  { spoken, before, version, now }: Aftermath,
): Promise<void> {
  if (plan.shared.size > 0) markShared(tx, plan);
  const fresh = new Set(plan.profiles.map((p) => p.id));
  const met = plan.identifiers.filter((i) => !NATURE[i.type].weak && !fresh.has(i.profileId));
  if (met.length > 0) markKnown(tx, [...new Set(met.map((i) => i.profileId))]);
  const moved = plan.profiles.length + plan.edges.length > 0 ? membership(tx, plan, version!, now) : [];
  const [held, answered] = await Promise.all([
    before,
    answeredEvents(tx, learntOf(plan, records), now),
    plan.unlinked.length > 0 && keepUnlinked(tx, plan.unlinked),
  ]);
  const told = contactChanges(held, heldAfter(held, plan, records), spoken);
  await publish(tx, [...created(plan), ...moved, ...told, ...answered]);
}

/** Of those who are new everything is at hand; what was held of the others has to be read, before it is written over. */
function olderOf(spoken: Spoken, plan: Planner): string[] {
  const fresh = new Set(plan.profiles.map((p) => p.id));
  return [...spoken.keys()].filter((id) => !fresh.has(id));
}

/** What these sightings taught us, except of profiles that are new and stand alone: nobody can have asked them anything. */
function learntOf(plan: Planner, records: readonly SourceRecord[]): { profileId: string; field: string }[] {
  const fresh = new Set(plan.profiles.map((p) => p.id));
  const linked = new Set(plan.edges.flatMap(({ a, b }) => [a, b]));
  const learnt = [
    ...plan.identifiers.map(({ profileId, type }) => ({ profileId, field: type as string })),
    ...records.flatMap(({ profileId, attributes }) => attributes.map(({ name }) => ({ profileId, field: name }))),
  ];
  return learnt.filter(({ profileId }) => !fresh.has(profileId) || linked.has(profileId));
}

const created = (plan: Planner): AnyEvent[] =>
  plan.profiles.map((p) =>
    event('identity.profile.created.v1', {
      profileId: p.id,
      customerId: plan.customerOf(p.id),
      occurredAt: p.seenAt,
      data: { source: p.source, kind: p.known ? 'known' : 'anonymous' },
    }),
  );

function membership(tx: Tx, plan: Planner, version: number, now: Date): AnyEvent[] {
  const changed = plan.changed();
  const linked = plan.edges.length > 0;
  if (linked) moveProfiles(tx, changed, version);
  const reason = 'A known identifier was seen with another one.';
  const merges = plan.merges.map((m) => ({ ...m, id: newId(), kind: 'identifier', by: 'resolution', reason }));
  if (merges.length > 0) logMerges(tx, merges, now);
  const customers = [...changed].map(([customerId, profileIds]) => ({ customerId, profileIds: [...profileIds] }));
  const about = customers.length === 1 ? { customerId: customers[0]!.customerId } : {};
  const cause = linked ? 'linked' : 'created';
  return [
    event('identity.customer.membership-changed.v1', {
      ...about,
      occurredAt: now,
      data: { version, cause, customers },
    }),
    ...merges.map((m) =>
      event('identity.customer.merged.v1', {
        customerId: m.into,
        occurredAt: now,
        data: { into: m.into, merged: [m.merged], reason: m.reason },
      }),
    ),
  ];
}

type Spoken = Map<string, { customerId: string; occurredAt: Date }>;

/** Those of whom something was said that tells how to reach them, with the time at which it was. */
function spokenOf(plan: Planner, records: readonly SourceRecord[]): Spoken {
  const spoken: Spoken = new Map();
  const tell = (profileId: string, occurredAt: Date) =>
    spoken.set(profileId, { customerId: plan.customerOf(profileId), occurredAt });
  for (const i of plan.identifiers) if (isContactIdentifier(i.type)) tell(i.profileId, i.seenAt);
  for (const r of records) if (r.attributes.some((a) => isContactAttribute(a.name))) tell(r.profileId, r.occurredAt);
  return spoken;
}
