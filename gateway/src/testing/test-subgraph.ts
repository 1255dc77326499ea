import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse, type GraphQLSchema } from 'graphql';

/** Ways in which a subgraph can fail, as the gateway meets them on the wire. */
export type Fault =
  | 'status 500 with a stack'
  | 'status 500 with GraphQL errors'
  | 'HTML page'
  | 'connection reset'
  | 'truncated body'
  | 'empty body'
  | 'JSON that is not GraphQL'
  | 'GraphQL error with SQL and stack'
  | 'GraphQL error with a system code'
  | 'hang';

const SECRET = 'select password from account -- at Pool.query (/srv/app/node_modules/pg/lib/pool.js:45)';

export interface Received {
  query: string;
  variables?: Record<string, unknown>;
  headers: IncomingMessage['headers'];
}

type Resolver = (root: never, args: never, context: { headers: IncomingMessage['headers'] }) => unknown;
type Resolvers = Record<string, Record<string, Resolver>>;

/** A subgraph on a port of its own, written by hand, that can be told to fail. */
export class TestSubgraph {
  readonly received: Received[] = [];
  /** How often the gateway asked for a sign of life, in nobody's name. */
  pings = 0;
  readonly #server: Server;
  readonly #schema: GraphQLSchema;
  #fault: Fault | null = null;
  #faultTimes = Infinity;
  #delayMs = 0;
  #cacheControl: string | undefined;

  constructor(
    readonly name: string,
    readonly sdl: string,
    resolvers: Resolvers,
  ) {
    this.#schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** What the gateway must never repeat. */
  static readonly secrets = [SECRET, 'select ', '/srv/app', 'pool.js', '127.0.0.1', 'ECONN', 'stacktrace'];

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/graphql`;
  }

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Fails the next so many requests, by default all until `heal`. */
  fail(fault: Fault, times = Infinity): void {
    this.#fault = fault;
    this.#faultTimes = times;
  }

  slow(milliseconds: number): void {
    this.#delayMs = milliseconds;
  }

  /** Says of every answer how long it may be kept. */
  keep(cacheControl: string): void {
    this.#cacheControl = cacheControl;
  }

  heal(): void {
    this.#cacheControl = undefined;
    this.#fault = null;
    this.#delayMs = 0;
    this.received.length = 0;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { query, variables, operationName } = JSON.parse(text) as Received & { operationName?: string };
    if (query === '{__typename}') this.pings++;
    else this.received.push({ query, variables, headers: request.headers });
    if (this.#delayMs) await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
    if (this.#fault && this.#faultTimes-- > 0) return FAULTS[this.#fault](response);
    const result = await graphql({
      schema: this.#schema,
      source: query,
      variableValues: variables,
      operationName,
      contextValue: { headers: request.headers },
    });
    if (this.#cacheControl) response.setHeader('cache-control', this.#cacheControl);
    json(response, 200, result);
  }
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const FAULTS: Record<Fault, (response: ServerResponse) => void> = {
  'status 500 with a stack': (response) =>
    void response.writeHead(500, { 'content-type': 'text/plain' }).end(`Error: ${SECRET}`),
  'status 500 with GraphQL errors': (response) =>
    json(response, 500, { errors: [{ message: SECRET, extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }),
  'HTML page': (response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end(`<html><body>${SECRET}</body></html>`),
  'connection reset': (response) => void response.socket?.resetAndDestroy(),
  'truncated body': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"data":{"customer":');
    setTimeout(() => response.destroy(), 10);
  },
  'empty body': (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(),
  'JSON that is not GraphQL': (response) => json(response, 200, { error: SECRET }),
  'GraphQL error with SQL and stack': (response) =>
    json(response, 200, {
      data: null,
      errors: [{ message: SECRET, extensions: { exception: { stacktrace: [SECRET] }, detail: SECRET } }],
    }),
  'GraphQL error with a system code': (response) =>
    json(response, 200, { data: null, errors: [{ message: SECRET, extensions: { code: 'ECONNREFUSED' } }] }),
  hang: () => undefined,
};

export const ALL_FAULTS = Object.keys(FAULTS) as Fault[];
