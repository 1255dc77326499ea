import { apportion } from '@trenza/values';
import { shareOf } from '../orders/share.ts';
import { inScope, type Promotion, type ScopedProduct } from './promotion.ts';

export interface BasketLine extends ScopedProduct {
  productId: string;
  quantity: number;
  unitAmount: number;
  /** The price was agreed with the customer: promotions leave it alone. */
  agreed?: boolean;
}

/** Units of one line that had the same fate so far. */
export interface Part {
  line: number;
  quantity: number;
  /** What they cost together, after what was taken off already. */
  net: number;
  /** Some promotion took something off them; an exclusive one shares them with nobody. */
  claim: 'free' | 'shared' | 'exclusive';
  /** They made up a multi-buy or a bundle and cannot make up another. */
  grouped: boolean;
  closedToVouchers: boolean;
}

/** Some units of a part, and how much is taken off them. */
export interface Take {
  part: Part;
  quantity: number;
  off: number;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
export const netOf = (parts: readonly Part[]): number => sum(parts.map((part) => part.net));
export const unitsOf = (parts: readonly Part[]): number => sum(parts.map((part) => part.quantity));
/** What `quantity` of a part cost. */
export const netOfSome = (part: Part, quantity: number): number => shareOf(part.net, part.quantity, 0, quantity);

export const partsOf = (lines: readonly BasketLine[]): Part[] =>
  lines.map((line, i) => ({
    line: i,
    quantity: line.quantity,
    net: line.unitAmount * line.quantity,
    claim: 'free',
    grouped: false,
    closedToVouchers: false,
  }));

/** Which lines a promotion can concern at all: looked up once, because it is asked for often. */
export const linesOpenTo = ({ scope }: Promotion, lines: readonly BasketLine[]): ReadonlySet<number> =>
  new Set(lines.flatMap((line, i) => (!line.agreed && inScope(scope, line) ? [i] : [])));

/** The parts of these lines that a promotion may still take something off. */
export function openTo(promotion: Promotion, parts: readonly Part[], lines: ReadonlySet<number>): Part[] {
  const groups = promotion.benefit.kind === 'multi-buy' || promotion.benefit.kind === 'bundle';
  return parts.filter((part) => {
    if (!lines.has(part.line) || (groups && part.grouped)) return false;
    return promotion.exclusive ? part.claim === 'free' : part.claim !== 'exclusive';
  });
}

/** Spreads `off` over units in the ratio of `weights`, to the cent. */
export function spread(off: number, units: readonly Omit<Take, 'off'>[], weights: readonly number[]): Take[] {
  const shares = apportion(Math.min(off, sum(weights)), weights);
  return units.map((unit, i) => ({ ...unit, off: shares[i]! }));
}

/** Takes it off: parts of which only some units took part are split. */
export function takeOff(
  parts: readonly Part[],
  takes: readonly Take[],
  mark: Partial<Pick<Part, 'claim' | 'grouped' | 'closedToVouchers'>>,
): Part[] {
  const taken = Map.groupBy(takes, (take) => take.part);
  return parts.flatMap((part) => {
    const own = taken.get(part);
    if (!own) return [part];
    const quantity = sum(own.map((take) => take.quantity));
    const net = netOfSome(part, quantity);
    const touched = { ...part, ...mark, quantity, net: net - sum(own.map((take) => take.off)) };
    const rest = { ...part, quantity: part.quantity - quantity, net: part.net - net };
    return rest.quantity > 0 ? [touched, rest] : [touched];
  });
}
