import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './process.ts';
import { ROOT } from './services.ts';
import { startTestPlatform } from './test-platform.ts';

/** Three starts, on a machine that does other things as well. */
jest.setTimeout(300_000);
const STOP_WITHIN_MS = 10_000;
const GONE_WITHIN_MS = 15_000;

const dataDir = mkdtempSync(join(tmpdir(), 'trenza-platform-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const MAIN = join(ROOT, 'tools', 'dist', 'platform', 'main.js');

async function untilGone(pids: number[]): Promise<void> {
  const deadline = Date.now() + GONE_WITHIN_MS;
  while (pids.some(isAlive) && Date.now() < deadline) await sleep(100);
  expect(pids.filter(isAlive)).toEqual([]);
}

it('keeps its data over a kill of the supervisor and over a stop, lets nobody start it twice, and leaves nothing running', async () => {
  const first = await startTestPlatform({ dataDir });
  const { pids } = first.run();
  expect(Object.keys(pids).toSorted()).toEqual(
    ['campaign', 'feedback', 'gateway', 'identity', 'inventory', 'loyalty', 'nats', 'postgres'].toSorted(),
  );
  const service = await first.token({ role: 'service', channel: 'web' });
  const email = 'kept@example.com';
  const { data } = await first.ask(
    service,
    `mutation ($email: String!) { identify(input: { channel: WEB, identifiers: [{ type: EMAIL, value: $email }] }) { customerId } }`,
    { email },
  );
  const { customerId } = data.identify as { customerId: string };

  // A second start on the same folder says what is going on, and harms nothing.
  const second = spawnSync(process.execPath, [MAIN], {
    encoding: 'utf8',
    env: { ...process.env, TRENZA_DATA_DIR: dataDir, PORT: String(first.port) },
  });
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(`Trenza already runs on ${dataDir}: process ${first.process.pid}`);

  // Passwords and keys are for the owner only.
  for (const file of [first.dir.run, join(first.dir.keys, 'passwords.json'), join(first.dir.keys, 'gateway.json')])
    expect([file, (statSync(file).mode & 0o777).toString(8)]).toEqual([file, '600']);

  const killed = once(first.process, 'exit');
  first.process.kill('SIGKILL');
  await killed;
  await untilGone(Object.values(pids));

  // The lock of the killed one is there; the start recovers.
  expect(readFileSync(first.dir.lock, 'utf8').trim()).toBe(String(first.process.pid));
  const third = await startTestPlatform({ dataDir, port: first.port });
  const admin = await third.token({ role: 'admin' });
  const found = await third.ask(
    admin,
    'query ($value: String!) { customerByIdentifier(type: EMAIL, value: $value) { id } }',
    { value: email },
  );
  expect(found).toEqual({ data: { customerByIdentifier: { id: customerId } } });

  const left = Object.values(third.run().pids);
  const asked = Date.now();
  expect(await third.stop()).toBe(0);
  expect(Date.now() - asked).toBeLessThan(STOP_WITHIN_MS);
  await untilGone(left);
  expect(third.output()).toMatch(/SIGTERM: draining and stopping/);
});

it('says which port is taken', async () => {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { status, stderr } = spawnSync(process.execPath, [MAIN], {
    encoding: 'utf8',
    env: { ...process.env, TRENZA_DATA_DIR: dataDir, PORT: String(port) },
  });
  server.close();
  expect(status).toBe(1);
  expect(stderr).toContain(`Port ${port}, for gateway, is taken by another program.`);
});
