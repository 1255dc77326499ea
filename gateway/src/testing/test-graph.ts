import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { createKeys, generateKeyPair, LOCAL_SIGNER, signLocalToken, type Claims, type Keys } from '@trenza/auth';
import { parse } from 'graphql';
import { configFromEnv, type GatewayConfig } from '../config.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { createLog } from '../log.ts';
import { LIVE_SUBGRAPH } from '../live/live-source.ts';
import type { TestSubgraph } from './test-subgraph.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
    extensions?: Record<string, unknown>;
  };
}

const LIVE = {
  name: LIVE_SUBGRAPH,
  url: 'local:live',
  sdl: readFileSync(join(__dirname, '..', '..', 'live.graphql'), 'utf8'),
};

export function compose(subgraphs: readonly Pick<TestSubgraph, 'name' | 'sdl' | 'url'>[]): string {
  const { supergraphSdl, errors } = composeServices(
    [...subgraphs, LIVE].map(({ name, sdl, url }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map((error) => error.message).join('\n'));
  return supergraphSdl;
}

/** The gateway over test subgraphs, on a port of its own, with keys of its own. */
export class TestGraph {
  readonly logs: string[] = [];
  readonly keys = { gateway: keysOf('gateway'), signIn: keysOf(LOCAL_SIGNER) };
  url = '';
  gateway!: Gateway;
  #folder = '';

  constructor(
    readonly subgraphs: readonly TestSubgraph[],
    private readonly settings: Partial<GatewayConfig> = {},
  ) {}

  get supergraphPath(): string {
    return join(this.#folder, 'supergraph.graphql');
  }

  get clientsPath(): string {
    return join(this.#folder, 'clients.json');
  }

  async start(): Promise<void> {
    process.env.APOLLO_TELEMETRY_DISABLED = 'true';
    await Promise.all(this.subgraphs.map((subgraph) => subgraph.start()));
    this.#folder = await mkdtemp(join(tmpdir(), 'trenza-gateway-'));
    await writeFile(this.supergraphPath, compose(this.subgraphs));
    await writeFile(this.clientsPath, JSON.stringify({ otherwise: { mode: 'open' }, clients: {} }));
    const config = {
      ...configFromEnv({ PORT: '0', METRICS_PORT: '0' }),
      supergraphPath: this.supergraphPath,
      clientsPath: this.clientsPath,
      ...this.settings,
    };
    const log = createLog('info', { write: (line) => void this.logs.push(line) });
    this.gateway = await createGateway(config, this.keys.gateway, log);
    this.url = await this.gateway.listen();
  }

  async stop(): Promise<void> {
    await this.gateway?.close();
    await Promise.all(this.subgraphs.map((subgraph) => subgraph.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What Prometheus reads. */
  async metrics(): Promise<string> {
    const { port } = this.gateway.measured.server.address() as AddressInfo;
    return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  }

  heal(): void {
    for (const subgraph of this.subgraphs) subgraph.heal();
    for (const client of this.gateway.clients.all()) client.breaker.reset();
  }

  token(claims: Claims, expiresIn?: string | number): Promise<string> {
    return signLocalToken(this.keys.signIn, claims, expiresIn);
  }

  async ask(query: string, variables?: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post({ query, variables }, headers);
  }

  async post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return answerOf(response);
  }
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Answer['body'] };
}

const pairs = { gateway: generateKeyPair(), [LOCAL_SIGNER]: generateKeyPair() };
const publicKeys = Object.fromEntries(Object.entries(pairs).map(([name, pair]) => [name, pair.publicKey]));
const keysOf = (name: keyof typeof pairs): Keys => createKeys(name, pairs[name].privateKey, publicKeys);
