import { sql } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { MAX_CART_LINES, MAX_QUANTITY } from '../carts/cart.ts';
import { allocate, type Demand, type Shortage } from '../stock/allocation.ts';
import { availableOf } from '../stock/stock.sql.ts';
import { candidates, type Destination } from './candidates.sql.ts';
import { rankPlaces, type FulfilmentKind } from './promise.ts';

export interface OptionPart {
  placeId: string;
  promisedFor: Date;
  distanceKm: number | null;
  reason: string;
  lines: { sku: string; quantity: number }[];
}

export interface Option<Kind extends FulfilmentKind = FulfilmentKind> {
  kind: Kind;
  /** Null: not possible; `explanation` says why. */
  promisedFor: Date | null;
  parts: OptionPart[];
  excluded: { placeId: string; reason: string }[];
  short: (Shortage & { sku: string })[];
  explanation: string;
}

export interface OptionsQuestion<Kind extends FulfilmentKind> {
  lines: readonly { sku: string; quantity: number }[];
  kinds: readonly Kind[];
  placeId: string | null;
  destination: Destination | null;
}

/** How this basket could reach her, by when, from where and why; the soonest first, what is not possible last. Keeps nothing. */
export async function optionsFor<Kind extends FulfilmentKind>(
  db: DataSource,
  question: OptionsQuestion<Kind>,
  now: Date,
): Promise<Option<Kind>[]> {
  const { lines, kinds, placeId, destination } = question;
  if (lines.length === 0 || lines.length > MAX_CART_LINES)
    throw new DomainError('INVALID_LINES', `A basket has 1 to ${MAX_CART_LINES} lines, this one has ${lines.length}.`, [
      'lines',
    ]);
  const bad = lines.find((line) => line.quantity < 1 || line.quantity > MAX_QUANTITY);
  if (bad)
    throw new DomainError('INVALID_LINES', `${bad.quantity} of ${bad.sku}: a line has 1 to ${MAX_QUANTITY} units.`, [
      'lines',
    ]);
  const products = await sql<{ id: string; sku: string }>(
    db,
    'select id, sku from product where sku = any($1) and active',
    [lines.map((l) => l.sku)],
  );
  const bySku = new Map(products.map((p) => [p.sku, p.id]));
  const unknown = lines.find((line) => !bySku.has(line.sku));
  if (unknown) throw new DomainError('UNKNOWN_SKU', `No product that is sold has the sku "${unknown.sku}".`, ['lines']);
  const demand = lines.map(({ sku, quantity }, i) => ({ lineNo: i + 1, productId: bySku.get(sku)!, quantity }));
  const skus = new Map(products.map((p) => [p.id, p.sku]));
  const options: Option<Kind>[] = [];
  for (const kind of kinds) options.push(await optionFor(db, { kind, demand, skus, placeId, destination }, now));
  const time = ({ promisedFor }: Option<Kind>): number => promisedFor?.getTime() ?? Infinity;
  return options.toSorted((a, b) => (time(a) === time(b) ? 0 : time(a) - time(b)));
}

interface Basket<Kind extends FulfilmentKind> {
  kind: Kind;
  demand: Demand[];
  skus: Map<string, string>;
  placeId: string | null;
  destination: Destination | null;
}

async function optionFor<Kind extends FulfilmentKind>(
  db: DataSource,
  { kind, demand, skus, placeId, destination }: Basket<Kind>,
  now: Date,
): Promise<Option<Kind>> {
  const places = await candidates(db, { kind, productIds: [...skus.keys()], placeId, destination }, now);
  const { able, unable } = rankPlaces(kind, places, now);
  const names = new Map(places.map((place) => [place.id, place.name]));
  const order = able.map((place) => place.placeId);
  const stock = places.flatMap((place) => place.stock);
  const decision = allocate(
    demand,
    stock.map((row) => ({ ...row, available: availableOf(row) })),
    order,
  );
  if ('shortages' in decision) {
    const short = decision.shortages.map((s) => ({ ...s, sku: skus.get(s.productId)! }));
    const missing = short.map((s) => `${s.asked} of ${s.sku} (${s.available} there)`).join(', ');
    const explanation =
      places.length > 0 && able.length === 0
        ? `None of the ${places.length} places that have it can do it: ${unable[0]!.reason}`
        : `The places that can do it lack ${missing}.`;
    return { kind, promisedFor: null, parts: [], excluded: unable, short, explanation };
  }
  const parts = [...Map.groupBy(decision.assignments, (a) => a.placeId)].map(([id, assigned]): OptionPart => {
    const { promisedFor, distanceKm, reason } = able.find((place) => place.placeId === id)!;
    const units = assigned.map((a) => ({ sku: skus.get(a.productId)!, quantity: a.quantity }));
    return { placeId: id, promisedFor, distanceKm, reason, lines: units };
  });
  const promisedFor = new Date(Math.max(...parts.map((part) => part.promisedFor.getTime())));
  return { kind, promisedFor, parts, excluded: unable, short: [], explanation: explain(parts, able, names) };
}

function explain(parts: OptionPart[], able: { placeId: string }[], names: Map<string, string>): string {
  const chosen = parts.map((part) => names.get(part.placeId)).join(' and ');
  if (parts.length > 1) return `No single place has everything; ${chosen} together have, with the fewest parcels.`;
  const rank = able.findIndex((place) => place.placeId === parts[0]!.placeId);
  if (rank === 0)
    return `${chosen} has everything and is the soonest of ${able.length} place${able.length > 1 ? 's' : ''} that can do it.`;
  return `${chosen} has everything; ${rank} other place${rank > 1 ? 's' : ''} would be as soon or sooner and lack${rank > 1 ? '' : 's'} something.`;
}
