/** Cells of a tenth of a degree: about 11 km from south to north. Small enough for a quarter of a city, too large for a person. */
export const CELL_DEGREES = 0.1;
/** What was asked for less often than this in an area is not shown: a rare question may lead to who asked it. */
export const MIN_SEARCHES = 3;
/** Longer texts are no search for a product. */
const MAX_TERM = 60;

export const cellOf = (degrees: number): number => Math.round(degrees / CELL_DEGREES) / 10;

/**
 * What of a search may be kept: words for things. Anything that could name a person or reach her (an address of mail, a long number) makes the
 * whole text unfit. Null: keep nothing.
 */
export function keptTerm(text: string): string | null {
  const term = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (term === '' || term.length > MAX_TERM || term.includes('@') || /\d[\d\s.-]{5,}/.test(term)) return null;
  return term;
}

export interface Evidence {
  /** Units that other stores which carry it sold in the time, and the units of everything that those stores sold. */
  peerUnits: number;
  peerStores: number;
  peerTotalUnits: number;
  /** Units of everything that this store sold. */
  ownTotalUnits: number;
  /** Searches for it around here, and how many of them found it nowhere near. */
  searches: number;
  unmet: number;
  /** Units that were sent from elsewhere to addresses around here. */
  deliveredUnits: number;
}

/** How often somebody who looks for a product buys it where it is there; the retail average is about this. */
export const CONVERSION = 0.03;
/** How many of those who had it sent would have taken it from a shelf around the corner. */
export const WOULD_COME = 0.25;
/** What a store without history is taken for: half a store of the others. */
const UNKNOWN_SIZE = 0.5;

/**
 * Units a store would sell of a product it does not carry, in as long as the evidence covers. Peers tell what sells, scaled to the size of this
 * store; unmet searches and deliveries tell what this area wants beyond that. Deliveries are counted once: they may be what the searches led to.
 */
export function expectedUnits(e: Evidence): number {
  const size =
    e.peerTotalUnits > 0 && e.ownTotalUnits > 0
      ? e.ownTotalUnits / e.peerTotalUnits
      : UNKNOWN_SIZE / Math.max(1, e.peerStores);
  const fromPeers = e.peerUnits * size;
  const fromHere = Math.max(e.unmet * CONVERSION, e.deliveredUnits * WOULD_COME);
  return Math.round((fromPeers + fromHere) * 10) / 10;
}

export function explainEvidence(e: Evidence, days: number): string {
  const parts = [
    e.peerStores > 0 && `${e.peerStores} other store${e.peerStores > 1 ? 's' : ''} sold ${e.peerUnits}`,
    e.searches > 0 && `it was looked for ${e.searches} times around here, ${e.unmet} times in vain`,
    e.deliveredUnits > 0 && `${e.deliveredUnits} were sent to addresses around here`,
  ].filter(Boolean);
  return `In ${days} days ${parts.join(', ')}.`;
}
