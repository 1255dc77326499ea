/** What one request may ask for. Generous for what a person's screen needs, too small to hurt. */
export interface Limits {
  /** Levels of fields. A connection costs three (list, edges, node), introspection needs fifteen. */
  depth: number;
  /** Words of the document. The console's largest operation has a tenth of it. */
  tokens: number;
  aliases: number;
  directives: number;
  rootFields: number;
  /** Operations in one HTTP request. */
  batch: number;
  /** Items of one list, as all subgraphs hold it. */
  pageSize: number;
  /** Objects that the answer may hold at the most, as estimated from the page sizes. */
  cost: number;
  /** Until the answer, whatever happens behind. */
  timeMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 20,
  tokens: 5_000,
  aliases: 50,
  directives: 50,
  rootFields: 20,
  batch: 10,
  pageSize: 100,
  cost: 50_000,
  timeMs: 15_000,
};
