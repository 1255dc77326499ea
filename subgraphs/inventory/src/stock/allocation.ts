/** Units asked for, of one product, for one line. */
export interface Demand {
  lineNo: number;
  productId: string;
  quantity: number;
}

/** What may be promised at one place. `places` arrive in the order of preference (near, able, cheap). */
export interface Supply {
  placeId: string;
  productId: string;
  available: number;
}

export interface Assignment {
  lineNo: number;
  productId: string;
  placeId: string;
  quantity: number;
}

export interface Shortage {
  productId: string;
  asked: number;
  available: number;
  /** Where there still is some, in the order of preference. */
  where: { placeId: string; available: number }[];
}

export type Allocation = { assignments: Assignment[] } | { shortages: Shortage[] };

/** An order is split over at most this many places: each one more is a parcel, a walk or a cost. */
export const MAX_SPLITS = 5;

/**
 * Says which place serves which line: all of it or nothing. One place for everything if any can; otherwise the place that serves
 * most units first. Demand is summed per product before it is compared with supply, so two lines of one product never count the same
 * unit twice.
 */
export function allocate(demand: readonly Demand[], supply: readonly Supply[], places: readonly string[]): Allocation {
  const need = sumBy(demand);
  const stock = new Map(places.map((place) => [place, new Map<string, number>()]));
  for (const s of supply) if (s.available > 0) stock.get(s.placeId)?.set(s.productId, s.available);

  const shortages = [...need].flatMap(([productId, asked]): Shortage[] => {
    const where = places.flatMap((placeId) => {
      const available = stock.get(placeId)?.get(productId) ?? 0;
      return available > 0 ? [{ placeId, available }] : [];
    });
    const available = where.reduce((sum, w) => sum + w.available, 0);
    return available < asked ? [{ productId, asked, available, where }] : [];
  });
  if (shortages.length > 0) return { shortages };

  const taken = takeFewest(need, stock, places);
  const used = new Set(taken.map((t) => t.placeId));
  if (used.size > MAX_SPLITS) return { shortages: tooScattered(need, stock, [...used].slice(0, MAX_SPLITS)) };
  return { assignments: toLines(demand, taken) };
}

function sumBy(demand: readonly Demand[]): Map<string, number> {
  const need = new Map<string, number>();
  for (const d of demand) need.set(d.productId, (need.get(d.productId) ?? 0) + d.quantity);
  return need;
}

interface Taken {
  placeId: string;
  productId: string;
  quantity: number;
}

function takeFewest(
  need: Map<string, number>,
  stock: Map<string, Map<string, number>>,
  places: readonly string[],
): Taken[] {
  const left = new Map(need);
  const candidates = [...places];
  const taken: Taken[] = [];
  while (left.size > 0) {
    const best = candidates
      .map((placeId) => ({ placeId, units: coverage(left, stock.get(placeId)!) }))
      .reduce((a, b) => (b.units > a.units ? b : a)); // the earlier, preferred one wins a tie
    const here = stock.get(best.placeId)!;
    for (const [productId, wanted] of left) {
      const quantity = Math.min(wanted, here.get(productId) ?? 0);
      if (quantity === 0) continue;
      taken.push({ placeId: best.placeId, productId, quantity });
      if (quantity === wanted) left.delete(productId);
      else left.set(productId, wanted - quantity);
    }
    candidates.splice(candidates.indexOf(best.placeId), 1);
  }
  return taken;
}

const coverage = (need: Map<string, number>, here: Map<string, number>): number =>
  [...need].reduce((sum, [productId, wanted]) => sum + Math.min(wanted, here.get(productId) ?? 0), 0);

/** More parcels than allowed: say what the allowed ones could have served. */
function tooScattered(
  need: Map<string, number>,
  stock: Map<string, Map<string, number>>,
  places: readonly string[],
): Shortage[] {
  return [...need].flatMap(([productId, asked]) => {
    const where = places.map((placeId) => ({ placeId, available: stock.get(placeId)?.get(productId) ?? 0 }));
    const available = where.reduce((sum, w) => sum + w.available, 0);
    return available < asked ? [{ productId, asked, available, where: where.filter((w) => w.available > 0) }] : [];
  });
}

/** Deals what was taken out to the lines, in the order of the lines. */
function toLines(demand: readonly Demand[], taken: readonly Taken[]): Assignment[] {
  const pool = taken.map((t) => ({ ...t }));
  return demand.flatMap((line) => {
    const parts: Assignment[] = [];
    let left = line.quantity;
    for (const t of pool) {
      if (left === 0) break;
      if (t.productId !== line.productId || t.quantity === 0) continue;
      const quantity = Math.min(left, t.quantity);
      t.quantity -= quantity;
      left -= quantity;
      parts.push({ lineNo: line.lineNo, productId: line.productId, placeId: t.placeId, quantity });
    }
    return parts;
  });
}
