import { sql, type Tx } from '@trenza/database';
import { event, type AnyEvent } from '@trenza/events';
import { isUsable } from '../customers/preferences.ts';
import { survivors, type Candidate } from '../customers/survivorship.ts';

/** The attributes of which messaging has to know, as `identity.customer.contact-changed.v1` names them. */
const CONTACT_ATTRIBUTES = [
  'givenName',
  'language',
  'timeZone',
  'preferredChannel',
  'quietHours',
  'birthDate',
  'postalCode',
  'city',
];
const CONTACT = new Set(CONTACT_ATTRIBUTES);
export const isContactAttribute = (name: string): boolean => CONTACT.has(name);
export const isContactIdentifier = (type: string): boolean => type === 'email' || type === 'phone';

const VALUES = `
  select profile_id as "profileId", name, value, value_hash as hash, source, confidence,
         first_at as "firstAt", last_at as "lastAt", times
    from attribute where profile_id = any($1::uuid[]) and name = any($2)
  union all
  select profile_id, type, to_jsonb(value), value, '', 1, first_seen_at, last_seen_at, 1
    from identifier where profile_id = any($1::uuid[]) and type in ('email', 'phone') and not shared`;

/** What is held of how to reach these profiles. */
export async function contactsHeld(tx: Tx, profileIds: readonly string[]): Promise<Candidate[]> {
  if (profileIds.length === 0) return [];
  const values = [profileIds, CONTACT_ATTRIBUTES];
  return sql<Candidate>(tx, { name: 'identity-contact', text: VALUES, values });
}

type Told = ReadonlyMap<string, { customerId: string; occurredAt: Date }>;

/**
 * What each of these profiles says of how to reach her. A profile speaks only for itself: the reader joins the profiles of a
 * customer, so an unmerge leaves nobody with the address of somebody else.
 */
export const contactEvents = async (tx: Tx, profiles: Told): Promise<AnyEvent[]> =>
  contactEventsFrom(await contactsHeld(tx, [...profiles.keys()]), profiles);

/** The same of those of whom something else is said than `before`: a source that repeats itself is no news to anybody. */
export function contactChanges(before: readonly Candidate[], after: readonly Candidate[], profiles: Told): AnyEvent[] {
  const was = spokenBy(before);
  const changed = [...spokenBy(after)].filter(([id, says]) => saying(says) !== saying(was.get(id) ?? []));
  const ids = new Set(changed.map(([id]) => id));
  return contactEventsFrom(after, new Map([...profiles].filter(([id]) => ids.has(id))));
}

const saying = (candidates: readonly Candidate[]): string =>
  JSON.stringify(survivors(candidates).map(({ name, winner }) => [name, winner.hash]));

const spokenBy = (held: readonly Candidate[]): Map<string, Candidate[]> =>
  Map.groupBy(
    held.filter((row) => isContactAttribute(row.name) || isContactIdentifier(row.name)),
    (row) => row.profileId,
  );

function contactEventsFrom(held: readonly Candidate[], profiles: Told): AnyEvent[] {
  const spoken = spokenBy(held);
  return [...profiles].flatMap(([profileId, { customerId, occurredAt }]) => {
    const candidates = spoken.get(profileId);
    if (!candidates) return [];
    const data = Object.fromEntries(survivors(candidates).map(({ name, winner }) => [name, winner.value]));
    return [event('identity.customer.contact-changed.v1', { profileId, customerId, occurredAt, data: readable(data) })];
  });
}

const TEXT_LIMITS: Record<string, number> = { givenName: 200, postalCode: 20, city: 100 };

/** Sources write what they like; what does not fit the contract is kept at home and not told. */
function readable(data: Record<string, unknown>): Record<string, never> {
  const fits = ([name, value]: [string, unknown]): boolean => {
    if (name === 'quietHours') return isUsable(name, value);
    return typeof value === 'string' && value.length <= (TEXT_LIMITS[name] ?? Infinity) && isUsable(name, value);
  };
  return Object.fromEntries(Object.entries(data).filter(fits)) as Record<string, never>;
}
