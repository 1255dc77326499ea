import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { isListening } from './listening.ts';

/** A TCP port that nobody listens on at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/**
 * Below these the system takes no ports for outgoing connections. Among those, a port that is free now is often taken by a client of
 * somebody else before a platform that is starting comes to listen on it.
 */
const LOWEST_PORT = 10_000;
const FIRST_EPHEMERAL_PORT = 32_768;

/** The first of `count` neighbouring ports that are free: a platform takes its port and the six above it. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(LOWEST_PORT, FIRST_EPHEMERAL_PORT - count);
    const all = Array.from({ length: count }, (_, i) => first + i);
    if (!(await Promise.all(all.map(isListening))).includes(true)) return first;
  }
}
