import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type Dispatcher } from 'undici';

export interface GraphError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string };
}

/** The graph answered, and said no. */
export class GraphRefusal extends Error {
  constructor(readonly errors: readonly GraphError[]) {
    super(
      errors
        .map(({ message, extensions }) => (extensions?.code ? `${extensions.code}: ${message}` : message))
        .join('; '),
    );
  }
}

/** The graph could not be asked, although it was tried again and again. */
export class GraphUnreachable extends Error {}

export interface Graph {
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  close(): Promise<void>;
}

/** A subgraph that restarts is back within seconds; half a minute of patience bridges that and not more. */
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** A batch of a thousand orders takes a second or two on a busy laptop. */
const ANSWER_WITHIN_MS = 60_000;
/** What the next attempt may find healed; everything else would fail the same way again. */
const PASSING = new Set([
  'SUBGRAPH_UNAVAILABLE',
  'SUBGRAPH_TIMEOUT',
  'TIMEOUT',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'DRAINING',
]);
const PASSING_STATUS = new Set([408, 429, 502, 503, 504]);

/**
 * A client of the graph for bulk work: keeps connections open and repeats what failed for reasons that pass. It is meant for queries and
 * idempotent mutations only, because a request whose answer was lost is sent again.
 */
export function graphClient(url: string, token: string | undefined, connections = 8, patienceMs = PATIENCE_MS): Graph {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, bodyTimeout: ANSWER_WITHIN_MS, headersTimeout: ANSWER_WITHIN_MS });
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };

  const once = async (body: string): Promise<Attempt> => {
    let response: Dispatcher.ResponseData;
    let text: string;
    try {
      response = await pool.request({ path: pathname, method: 'POST', headers, body });
      text = await response.body.text();
    } catch (error) {
      return { again: `${url} does not answer: ${(error as Error).message || (error as { code?: string }).code}` };
    }
    return attempt(response.statusCode, text, Number(response.headers['retry-after']));
  };

  return {
    async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
      const body = JSON.stringify({ query, variables });
      const deadline = Date.now() + patienceMs;
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        const answer = await once(body);
        if (!('again' in answer)) return answer.data as Data;
        if (Date.now() + pause > deadline) throw new GraphUnreachable(answer.again);
        await sleep(answer.afterMs ?? pause);
      }
    },
    close: () => pool.close(),
  };
}

type Attempt = { data: unknown } | { again: string; afterMs?: number };

function attempt(status: number, text: string, retryAfter: number): Attempt {
  const answer = parsed(text);
  const errors = answer?.errors ?? [];
  const code = errors.find(({ extensions }) => PASSING.has(extensions?.code ?? ''))?.extensions?.code;
  if (PASSING_STATUS.has(status) || code) {
    const why = code ?? `status ${status}`;
    return {
      again: `the graph is not able to answer (${why})`,
      ...(retryAfter > 0 && { afterMs: retryAfter * 1_000 }),
    };
  }
  if (!answer)
    throw new GraphRefusal([{ message: `status ${status}, and the body is not JSON: ${text.slice(0, 200)}` }]);
  if (errors.length > 0) throw new GraphRefusal(errors);
  return { data: answer.data };
}

function parsed(text: string): { data?: unknown; errors?: GraphError[] } | undefined {
  try {
    return JSON.parse(text) as { data?: unknown; errors?: GraphError[] };
  } catch {
    return undefined;
  }
}
