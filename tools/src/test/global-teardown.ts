import { rm } from 'node:fs/promises';

export default async function globalTeardown(): Promise<void> {
  const servers = globalThis.trenzaTestServers;
  if (!servers) return;
  await Promise.all([servers.postgres.stop(), servers.nats.stop()]);
  await rm(servers.dir, { recursive: true, force: true });
}
