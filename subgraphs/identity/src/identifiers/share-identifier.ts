import { sql, type Tx } from '@trenza/database';
import { event } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import { lockCustomers } from '../customers/lock-customers.ts';
import { contactEvents, isContactIdentifier } from '../resolution/contact.ts';
import { resolveSightings, type Clock, type Observation } from '../resolution/resolve-sightings.ts';
import { NATURE, type Identifier, type IdentifierType } from './identifier.ts';
import { normalise } from './normalise.ts';

export interface SharedIdentifier extends Identifier {
  profileId: string;
  firstSeenAt: Date;
  shared: boolean;
}

const OWNER = `
  select type, value, profile_id as "profileId", first_seen_at as "firstSeenAt", shared from identifier where type = $1 and value = $2`;

/**
 * Somebody knows that several people use it: from now on it links nobody, and nobody is written to by it. Whom it has linked already
 * stays linked, because only people can say who of them is who: that is an unmerge.
 */
export async function shareIdentifier(
  tx: Tx,
  { type, value, country }: Identifier & { country: string },
  { clock }: Clock,
): Promise<{ identifier: SharedIdentifier; customerId: string }> {
  const identifier = read(type, value, country);
  const { owner, customerId } = await ownerOf(tx, identifier);
  const changed = await sql(
    tx,
    'update identifier set shared = true where type = $1 and value = $2 and not shared returning 1',
    [identifier.type, identifier.value],
  );
  if (changed.length > 0 && isContactIdentifier(type)) await tellContact(tx, owner, customerId, clock.now());
  return { identifier: { ...owner, shared: true }, customerId };
}

const SIGHTINGS = `
  select profile_id as "profileId", seen_at as "seenAt" from shared_sighting where type = $1 and value = $2
   order by seen_at, profile_id`;

/**
 * One person uses it after all: it links again, and everybody who was seen with it meanwhile is seen once more, so that the links are
 * those that there would be if it had never been shared. Whoever contradicts its owner is not linked now either.
 */
export async function unshareIdentifier(
  tx: Tx,
  { type, value, country }: Identifier & { country: string },
  deps: Clock,
): Promise<{ identifier: SharedIdentifier; customerId: string }> {
  const identifier = read(type, value, country);
  const { owner, customerId } = await ownerOf(tx, identifier);
  const key = [identifier.type, identifier.value];
  const changed = await sql(
    tx,
    'update identifier set shared = false, shared_profile_id = null where type = $1 and value = $2 and shared returning 1',
    key,
  );
  if (changed.length === 0) return { identifier: { ...owner, shared: false }, customerId };
  if (isContactIdentifier(type)) await tellContact(tx, owner, customerId, deps.clock.now());
  const sightings = await sql<{ profileId: string; seenAt: Date }>(tx, SIGHTINGS, key);
  await sql(tx, 'delete from shared_sighting where type = $1 and value = $2', key);
  const again = sightings.map(({ profileId, seenAt }) => seenAgain(identifier, profileId, seenAt));
  if (again.length > 0) await resolveSightings(tx, again, deps);
  const after = await ownerOf(tx, identifier);
  return { identifier: after.owner, customerId: after.customerId };
}

const seenAgain = (identifier: Identifier, profileId: string, occurredAt: Date): Observation => ({
  identifiers: [identifier],
  profileId,
  source: 'unmark-shared',
  sourceId: null,
  channel: null,
  occurredAt,
  givenNames: [],
  birthDates: [],
  attributes: [],
  confidence: 1,
  payload: null,
});

async function ownerOf(tx: Tx, { type, value }: Identifier): Promise<{ owner: SharedIdentifier; customerId: string }> {
  const [owner] = await sql<SharedIdentifier>(tx, OWNER, [type, value]);
  if (!owner) {
    const message = `Nobody has the ${type} ${value}. Check its spelling, or let it be seen first.`;
    throw new DomainError('IDENTIFIER_UNKNOWN', message, ['input', 'value']);
  }
  const [customer] = await lockCustomers(tx, [owner.profileId]);
  return { owner, customerId: customer!.customerId };
}

function read(type: IdentifierType, value: string, country: string): Identifier {
  if (NATURE[type].naming) {
    const message = `A ${type} is a record of one person, so it cannot be shared. Take the people apart with unmergeCustomers.`;
    throw new DomainError('NOT_SHAREABLE', message, ['input', 'type']);
  }
  const normal = normalise(type, value, country);
  if ('refused' in normal) {
    throw new DomainError('INVALID_IDENTIFIER', `The ${type} cannot be used: ${normal.refused}.`, ['input', 'value']);
  }
  return { type, value: normal.value };
}

/** What is left to reach her by; where that is nothing, it is said too. */
async function tellContact(
  tx: Tx,
  { profileId, type }: SharedIdentifier,
  customerId: string,
  now: Date,
): Promise<void> {
  const [left] = await contactEvents(tx, new Map([[profileId, { customerId, occurredAt: now }]]));
  const data = { [type]: null, ...left?.data };
  await publish(tx, [event('identity.customer.contact-changed.v1', { profileId, customerId, occurredAt: now, data })]);
}
