import { SubgraphClient, type SubgraphObserver, type SubgraphPolicy } from './subgraph-client.ts';

/** One client per subgraph, shared by all generations of the supergraph, so that its circuit and connections outlive a reload. */
export class SubgraphClients {
  readonly #clients = new Map<string, SubgraphClient>();

  constructor(
    /** Where a subgraph is, where that differs from the supergraph's own word. */
    private readonly urls: Readonly<Record<string, string>>,
    private readonly policy: SubgraphPolicy,
    private readonly observer: SubgraphObserver,
    /** For what the gateway asks in nobody's name. */
    private readonly ownToken: () => Promise<string>,
  ) {}

  get(name: string, supergraphUrl?: string): SubgraphClient {
    const url = this.urls[name] ?? supergraphUrl;
    if (!url)
      throw new Error(
        `Subgraph "${name}" has no URL. Set SUBGRAPH_URL_${name.toUpperCase()} or give it one in the supergraph.`,
      );
    const key = `${name} ${url}`;
    const known = this.#clients.get(key);
    if (known) return known;
    const client = new SubgraphClient(name, url, this.policy, this.observer, this.ownToken);
    this.#clients.set(key, client);
    return client;
  }

  all(): SubgraphClient[] {
    return [...this.#clients.values()];
  }

  close(): void {
    for (const client of this.all()) client.close();
  }
}
