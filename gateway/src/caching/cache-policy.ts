/**
 * How long an answer may be kept, and by whom, as the subgraphs said of its parts: the shortest time of all, private as soon as one
 * part is, and not at all where a part says nothing.
 */
export class CachePolicy {
  #maxAge: number | undefined;
  #public = true;

  /** One fetch's `cache-control` header. */
  restrict(header: string | undefined): void {
    const { maxAge, isPublic } = parse(header);
    this.#maxAge = this.#maxAge === undefined ? maxAge : Math.min(this.#maxAge, maxAge);
    this.#public &&= isPublic;
  }

  /** What the client, and a CDN between us, may do with the answer. */
  header(): string {
    const maxAge = this.#maxAge ?? 0;
    return maxAge > 0 ? `${this.#public ? 'public' : 'private'}, max-age=${maxAge}` : 'private, no-store';
  }
}

export const NOT_KEPT = new CachePolicy().header();

const NOTHING_SAID = { maxAge: 0, isPublic: false };

/** Private unless it says public: a header that was forgotten must not show one customer's page to another. */
function parse(header: string | undefined): { maxAge: number; isPublic: boolean } {
  if (header === undefined) return NOTHING_SAID;
  const said = header.toLowerCase();
  const maxAge = /(?:^|[\s,])max-age=(\d+)/.exec(said)?.[1];
  const kept = maxAge !== undefined && !/no-store|no-cache/.test(said);
  return { maxAge: kept ? Number(maxAge) : 0, isPublic: /(?:^|[\s,])public(?:$|[\s,])/.test(said) };
}
