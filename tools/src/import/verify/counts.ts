/** What an import must add up to, whoever counts. Money in minor units. */
export interface Counts {
  customers: number;
  /** Of the skus in the files, how many there are. */
  products: number;
  orders: number;
  orderRevenue: number;
  /** What was paid for shipping, which is no revenue of goods. */
  shipping: number;
  returns: number;
  refunds: number;
  /** What the rule "one point per unit of money" gives for every order whose buyer is known. */
  points: number;
  reviews: number;
  /** Sum of all ratings; with `reviews` it gives the average without rounding. */
  ratings: number;
}

/** What the files add up to, and the skus that must be found (products have no source: one product may come from many). */
export interface Expected {
  counts: Counts;
  skus: string[];
}

export const noCounts = (): Counts => ({
  customers: 0,
  products: 0,
  orders: 0,
  orderRevenue: 0,
  shipping: 0,
  returns: 0,
  refunds: 0,
  points: 0,
  reviews: 0,
  ratings: 0,
});

/** One point per whole unit of money: 15.99 earns 15. */
export const pointsFor = (minorUnits: number): number => Math.floor(minorUnits / 100);
