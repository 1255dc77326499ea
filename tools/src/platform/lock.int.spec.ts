import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDirFrom, makeFolders, writeRun, type DataDir } from './data-dir.ts';
import { takeLock } from './lock.ts';
import { isAlive } from './process.ts';

let dir: DataDir;
const children: ChildProcess[] = [];

beforeEach(() => {
  dir = dataDirFrom({ TRENZA_DATA_DIR: mkdtempSync(join(tmpdir(), 'trenza-lock-')) });
  makeFolders(dir);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir.path, { recursive: true, force: true });
});

/** A process whose command line says what it is. */
async function pretend(...words: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

const ranBefore = (pids: Record<string, number>) =>
  writeRun(dir, {
    pid: 1,
    startedAt: '',
    port: 4000,
    graph: 'http://127.0.0.1:4000/graphql',
    pids,
    databases: {},
    natsUrl: '',
  });

describe('the lock of a data folder', () => {
  it('is refused while another platform runs on it, and says where that one is', async () => {
    const other = await pretend('tools/dist/platform/main.js');
    writeFileSync(dir.lock, `${other.pid}\n`);
    ranBefore({});
    await expect(takeLock(dir)).rejects.toThrow(
      `Trenza already runs on ${dir.path}: process ${other.pid}, http://127.0.0.1:4000/graphql.`,
    );
  });

  it('is taken over from a platform that was killed', async () => {
    const gone = await pretend('tools/dist/platform/main.js');
    gone.kill('SIGKILL');
    await once(gone, 'exit');
    writeFileSync(dir.lock, `${gone.pid}\n`);
    const unlock = await takeLock(dir);
    expect(readFileSync(dir.lock, 'utf8').trim()).toBe(String(process.pid));
    unlock();
    expect(existsSync(dir.lock)).toBe(false);
  });

  it('is taken over where a stranger has the process id by now, who is left alone', async () => {
    const stranger = await pretend('something else');
    writeFileSync(dir.lock, `${stranger.pid}\n`);
    ranBefore({ identity: stranger.pid!, nats: stranger.pid! });
    (await takeLock(dir))();
    expect(isAlive(stranger.pid!)).toBe(true);
  });

  it('ends what a killed platform left running', async () => {
    const nats = await pretend(join(dir.nats, 'nats.conf'));
    const identity = await pretend('lifeline.js');
    ranBefore({ nats: nats.pid!, identity: identity.pid! });
    (await takeLock(dir))();
    expect([nats, identity].map((child) => isAlive(child.pid!))).toEqual([false, false]);
  });
});
