import type { FastifyRequest } from 'fastify';
import type { OperationRequest } from '../operations/admit-operation.ts';

/** The operations of one HTTP request, however they came, and the request rewritten with the texts that were admitted. */
export interface Incoming {
  operations: OperationRequest[];
  batched: boolean;
  rewrite(texts: (string | undefined)[]): { search: string; body: unknown };
}

export function readIncoming({ method, url, body }: FastifyRequest): Incoming {
  const from = url.indexOf('?');
  const search = from < 0 ? '' : url.slice(from);
  if (method === 'GET') return fromSearch(search);
  const operations = (Array.isArray(body) ? body : [body]) as unknown[];
  return {
    operations: operations.map((operation) => (isRecord(operation) ? operation : {})),
    batched: Array.isArray(body),
    rewrite: (texts) => {
      if (texts.every((text) => text === undefined)) return { search, body };
      const rewritten = operations.map((operation, i) =>
        texts[i] === undefined ? operation : withText(operation, texts[i]),
      );
      return { search, body: Array.isArray(body) ? rewritten : rewritten[0] };
    },
  };
}

function fromSearch(search: string): Incoming {
  const params = new URLSearchParams(search);
  const extensions = parse(params.get('extensions'));
  return {
    operations: [
      {
        query: params.get('query') ?? undefined,
        documentId: params.get('documentId') ?? undefined,
        extensions: isRecord(extensions) ? extensions : undefined,
      },
    ],
    batched: false,
    rewrite: ([text]) => {
      if (text === undefined) return { search, body: undefined };
      params.set('query', text);
      params.delete('documentId');
      if (isRecord(extensions)) {
        const { persistedQuery: _replaced, ...rest } = extensions;
        params.set('extensions', JSON.stringify(rest));
      }
      return { search: `?${params.toString()}`, body: undefined };
    },
  };
}

function withText(operation: unknown, text: string): unknown {
  const { documentId: _id, extensions, ...rest } = operation as Record<string, unknown>;
  const { persistedQuery: _replaced, ...others } = isRecord(extensions) ? extensions : {};
  return { ...rest, query: text, ...(Object.keys(others).length > 0 && { extensions: others }) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(json: string | null): unknown {
  try {
    return json === null ? undefined : JSON.parse(json);
  } catch {
    // Not for us to refuse: Apollo Server says what is wrong with it.
    return undefined;
  }
}
