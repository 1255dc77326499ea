/** An undirected link between two profiles; the id is a UUIDv7, hence edges sort by age. */
export interface Edge {
  id: string;
  a: string;
  b: string;
}

/** Union-find in which the smallest member names the set: the oldest profile is the customer. */
export class Components {
  readonly #parent = new Map<string, string>();

  find(profile: string): string {
    let root = profile;
    for (let up = this.#parent.get(root); up !== undefined && up !== root; up = this.#parent.get(root)) root = up;
    for (let at = profile; at !== root;) {
      const up = this.#parent.get(at) ?? root;
      this.#parent.set(at, root);
      at = up;
    }
    return root;
  }

  union(x: string, y: string): string {
    const [small, large] = [this.find(x), this.find(y)].toSorted();
    this.#parent.set(large!, small!);
    this.#parent.set(small!, small!);
    return small!;
  }

  together(x: string, y: string): boolean {
    return this.find(x) === this.find(y);
  }
}

/** Which customer each profile belongs to, from nothing but the edges. */
export function componentsOf(profiles: Iterable<string>, edges: Iterable<Edge>): Map<string, string> {
  const components = new Components();
  for (const { a, b } of edges) components.union(a, b);
  return new Map([...profiles].map((profile) => [profile, components.find(profile)]));
}

/**
 * Which edges have to end so that no one of `apart` stays connected with any of `rest`. Edges between the two go first; then
 * the others are replayed by age, and one that would join the sides ends. So whoever came later stays with whom she came to first.
 */
export function edgesToCut(edges: readonly Edge[], rest: readonly string[], apart: readonly string[]): Edge[] {
  const components = new Components();
  const [anchorRest, anchorApart] = [rest[0]!, apart[0]!];
  for (const profile of rest) components.union(anchorRest, profile);
  for (const profile of apart) components.union(anchorApart, profile);
  const cut: Edge[] = [];
  for (const edge of edges.toSorted((x, y) => (x.id < y.id ? -1 : 1))) {
    const sides = new Set([components.find(edge.a), components.find(edge.b)]);
    const joins = sides.has(components.find(anchorRest)) && sides.has(components.find(anchorApart));
    if (joins) cut.push(edge);
    else components.union(edge.a, edge.b);
  }
  return cut;
}
