import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import {
  ApolloClient as ApolloClient3,
  createHttpLink as createHttpLink3,
  InMemoryCache as InMemoryCache3,
} from 'apollo-client-3/core';
import { parse } from 'graphql';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import { WebSocket } from 'ws';
import { BoundedQueue } from '../live/bounded-queue.ts';
import type { Result } from '../live/live-operations.ts';

/** The clients that people use, each behind one function that opens a stream of results. */
interface Request {
  url: string;
  query: string;
  variables: Record<string, unknown>;
  token?: string;
}
type Stream = AsyncIterableIterator<Result>;
export type Open = (url: string, query: string, variables: Record<string, unknown>, token?: string) => Stream;

const auth = (token?: string): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {});

export const overWebSocket: Open = (url, query, variables, token) => {
  const client = createWs({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: auth(token),
    retryAttempts: 0,
  });
  return client.iterate({ query, variables }) as AsyncIterableIterator<Result>;
};
export const overSse: Open = (url, query, variables, token) => {
  const client = createSse({ url: `${url}/graphql`, headers: auth(token), retryAttempts: 0 });
  return client.iterate({ query, variables }) as AsyncIterableIterator<Result>;
};
/** The wire itself, to see what is on it; Apollo Client reads it below. */
export const overMultipart: Open = (url, query, variables, token) => {
  const abort = new AbortController();
  const parts = readMultipart({ url, query, variables, token }, abort.signal);
  return {
    next: () => parts.next(),
    return: () => {
      abort.abort();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
async function* readMultipart(
  { url, query, variables, token }: Request,
  signal: AbortSignal,
): AsyncIterableIterator<Result> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'multipart/mixed;subscriptionSpec=1.0, application/json',
      ...auth(token),
    },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  const type = response.headers.get('content-type');
  if (type !== 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"') throw new Error(`The stream is ${type}.`);
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\r\n--graphql');
    text = parts.pop()!;
    for (const one of parts) {
      const json = one.split('\r\n\r\n')[1];
      if (json && json !== '{}') yield (JSON.parse(json) as { payload: Result }).payload;
    }
  }
}
export const overApolloClient4: Open = (url, query, variables, token) => {
  const link = new HttpLink({ uri: `${url}/graphql`, headers: auth(token) });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return fromObservable(
    client.subscribe({ query: parse(query), variables, errorPolicy: 'all', fetchPolicy: 'no-cache' }),
  );
};
export const overApolloClient3: Open = (url, query, variables, token) => {
  const link = createHttpLink3({ uri: `${url}/graphql`, headers: auth(token) });
  const client = new ApolloClient3({ link, cache: new InMemoryCache3() });
  return fromObservable(
    client.subscribe({ query: parse(query), variables, errorPolicy: 'all', fetchPolicy: 'no-cache' }),
  );
};

interface Observable {
  subscribe(observer: object): { unsubscribe(): void };
}
function fromObservable(observable: Observable): AsyncIterableIterator<Result> {
  const queue = new BoundedQueue<Result>(100, () => ({}));
  const subscription = observable.subscribe({
    // Apollo Client 4 gives errors as one error that holds them.
    next: ({ data, error, errors }: Result & { error?: { errors?: Result['errors'] } }) =>
      queue.push({ data, ...((errors ?? error?.errors) && { errors: errors ?? error?.errors }) }),
    error: (error: { graphQLErrors?: Result['errors'] }) => queue.end({ errors: error.graphQLErrors }),
    complete: () => queue.end(),
  });
  queue.onClose(() => subscription.unsubscribe());
  return queue;
}
