import { text } from './expression.ts';
import type { Kind } from './mapping.ts';

/** Fields of a record as the mapping names them, and as the graph's inputs want them. */
export type Fields = Record<string, unknown>;

export interface Ids {
  profile: (number: unknown) => string | undefined;
  product: (sku: unknown) => string | undefined;
  store: (code: unknown) => string | undefined;
}

/** What a record of each kind must have; without it only that record is refused, not the batch it is in. */
export const REQUIRED: Record<Kind, readonly string[]> = {
  stores: ['code', 'name', 'latitude', 'longitude', 'timeZone'],
  products: ['sku', 'name', 'price'],
  stock: ['sku', 'storeCode', 'onHand'],
  customers: ['externalId'],
  consents: ['customer', 'purpose', 'granted', 'wordingVersion', 'occurredAt'],
  orders: ['number', 'channel', 'currency', 'occurredAt', 'lines'],
  reviews: ['externalId', 'occurredAt'],
  answers: ['externalId', 'occurredAt'],
  messages: ['externalId', 'customer', 'channel', 'template', 'occurredAt'],
  history: ['eventId', 'kind', 'channel'],
};

/** The first required field that a record lacks. */
export function missingField(kind: Kind, fields: Fields): string | undefined {
  const isMissing = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);
  return REQUIRED[kind].find((name) => isMissing(fields[name]));
}

/** Values that are enums in the graph: files may write `call-centre`, the graph says CALL_CENTRE. */
function withEnums(fields: Fields, ...names: string[]): Fields {
  const changed = names.flatMap((name) => (name in fields ? [[name, upper(fields[name])] as const] : []));
  return { ...fields, ...Object.fromEntries(changed) };
}

function upper(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(upper);
  return typeof value === 'string' ? value.toUpperCase().replaceAll(/[\s-]+/g, '_') : value;
}

export const storeItem = (fields: Fields): Fields => withEnums(fields, 'kind', 'services');

export function orderItem({ customer, ...fields }: Fields, ids: Ids): Fields {
  return {
    ...withEnums(fields, 'channel', 'fulfilment'),
    ...(customer !== undefined && { profileId: ids.profile(customer) }),
  };
}

export function consentItem({ customer, ...fields }: Fields, ids: Ids): Fields {
  return { ...withEnums(fields, 'purpose', 'channel'), ...named({ customer }, ids) };
}

/** A review or an answer to a survey. Products are named by their sku, which feedback knows; stores by id, so they are looked up. */
export function opinionItem({ customer, sku, storeCode, ...fields }: Fields, ids: Ids): Fields {
  return {
    ...withEnums(fields, 'channel', 'kind', 'metric'),
    ...(sku !== undefined && { productSku: sku }),
    ...named({ customer, storeCode }, ids),
  };
}

/** A message that another system sent: nothing is sent again. */
export function messageItem({ externalId, customer, occurredAt, outcomes, ...fields }: Fields, ids: Ids): Fields {
  return {
    ...withEnums(fields, 'channel', 'purpose'),
    sourceId: text(externalId),
    sentAt: occurredAt,
    ...(Array.isArray(outcomes) && { outcomes: outcomes.map((outcome: Fields) => withEnums(outcome, 'outcome')) }),
    ...named({ customer }, ids),
  };
}

function named({ customer, sku, storeCode }: Fields, ids: Ids): Fields {
  return {
    ...(customer !== undefined && { profileId: ids.profile(customer) }),
    ...(sku !== undefined && { productId: ids.product(sku) }),
    ...(storeCode !== undefined && { storeId: ids.store(storeCode) }),
  };
}

/** Fields by which a customer is recognised, as the mapping names them and as identity types them. */
const IDENTIFIERS: Record<string, string> = {
  email: 'EMAIL',
  phone: 'PHONE',
  card: 'CARD',
  till: 'TILL',
  user: 'USER',
  social: 'SOCIAL',
  device: 'DEVICE',
  cookie: 'COOKIE',
};

export function identifiersOf(fields: Fields): { type: string; value: string }[] {
  return Object.entries(IDENTIFIERS).flatMap(([name, type]) =>
    [fields[name]]
      .flat()
      .filter((value) => value !== undefined && value !== null)
      .map((value) => ({ type, value: text(value) })),
  );
}

/** What describes the record; every other field of a customer is an attribute of hers. */
const ABOUT_CUSTOMER = new Set(['externalId', 'occurredAt', 'channel', 'confidence', 'payload']);

export function customerRow(fields: Fields): Fields {
  const { externalId, occurredAt, channel, confidence, payload, country } = withEnums(fields, 'channel');
  return {
    sourceId: text(externalId),
    identifiers: identifiersOf(fields),
    attributes: rest(fields, ABOUT_CUSTOMER),
    occurredAt,
    channel,
    confidence,
    payload,
    // Telephone numbers are read as those of her country; a country in words stays an attribute only.
    ...(typeof country === 'string' && country.length === 2 && { country }),
  };
}

/** What describes the event; every other field is a property of it. */
const ABOUT_EVENT = new Set(['eventId', 'kind', 'channel', 'occurredAt', 'category', 'customer', 'sku', 'storeCode']);

export function eventItem(fields: Fields, ids: Ids, source: string): Fields {
  const { eventId, kind, channel, occurredAt, category } = withEnums(fields, 'channel');
  return {
    eventId: text(eventId),
    source,
    kind,
    channel,
    occurredAt,
    category,
    identifiers: identifiersOf(fields),
    properties: rest(fields, ABOUT_EVENT),
    ...named(fields, ids),
  };
}

const rest = (fields: Fields, taken: Set<string>): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !taken.has(name) && !(name in IDENTIFIERS)));
