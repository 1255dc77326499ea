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

const LAST_PORT = 65_535;

/** The first of `count` neighbouring ports that are free: a platform takes its port and the five above it. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await freePort();
    const all = Array.from({ length: count }, (_, i) => first + i);
    if (first + count <= LAST_PORT && !(await Promise.all(all.map(isListening))).includes(true)) return first;
  }
}
