import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './process.ts';
import { endChild, Supervised, type Running } from './supervised.ts';

const GRACE_MS = 500;

/** A process that does what its code says. */
function launch(code: string): Running {
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  return { process: child, stop: () => endChild(child, 'SIGTERM', GRACE_MS) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await sleep(25);
  expect(condition()).toBe(true);
}

const LIVES = 'setInterval(() => {}, 1000)';
const DEAF = `process.on('SIGTERM', () => {}); ${LIVES}`;

describe('a supervised process', () => {
  it('is started again when it is killed, and everybody is told', async () => {
    const told: string[] = [];
    const one = new Supervised(
      'one',
      async () => launch(LIVES),
      (line) => told.push(line),
    );
    await one.start();
    const first = one.pid!;
    process.kill(first, 'SIGKILL');
    await until(() => one.pid !== first);
    expect(isAlive(one.pid!)).toBe(true);
    expect(told).toEqual(['one ended (SIGKILL); starting it again']);
    await one.stop();
    expect(isAlive(one.pid!)).toBe(false);
  });

  it('is tried again more and more slowly while it ends at once', async () => {
    const starts: number[] = [];
    const launcher = async () => {
      starts.push(Date.now());
      return launch('process.exit(1)');
    };
    const one = new Supervised('one', launcher, () => undefined);
    await one.start();
    await until(() => starts.length >= 4);
    await one.stop();
    const pauses = starts.slice(1).map((at, i) => at - starts[i]!);
    expect(pauses[1]).toBeGreaterThan(pauses[0]!);
    expect(pauses[2]).toBeGreaterThan(pauses[1]!);
  });

  it('is tried again when it can not even be launched', async () => {
    let attempts = 0;
    const one = new Supervised(
      'one',
      async () => {
        attempts += 1;
        if (attempts === 2) throw new Error('no room');
        return launch(LIVES);
      },
      () => undefined,
    );
    await one.start();
    process.kill(one.pid!, 'SIGKILL');
    await until(() => attempts === 3);
    await one.stop();
  });

  it('stays down once it is stopped, also while it waits to be started again', async () => {
    let starts = 0;
    const launcher = async () => {
      starts += 1;
      return launch('process.exit(1)');
    };
    const one = new Supervised('one', launcher, () => undefined);
    await one.start();
    await until(() => one.ends > 0);
    await one.stop();
    const before = starts;
    await sleep(1_000);
    expect(starts).toBe(before);
  });

  it('is ended by force when it does not listen', async () => {
    const one = new Supervised(
      'one',
      async () => launch(DEAF),
      () => undefined,
    );
    await one.start();
    await sleep(300);
    const pid = one.pid!;
    const asked = Date.now();
    await one.stop();
    expect(isAlive(pid)).toBe(false);
    expect(Date.now() - asked).toBeGreaterThanOrEqual(GRACE_MS - 50);
  });
});
