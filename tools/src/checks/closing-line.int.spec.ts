import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TEST = join(__dirname, '..', '..', 'check', 'test.cjs');
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'trenza-closing-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs `npm test` over a folder that holds one test file. */
function run(spec: string, ...args: string[]): { last: string; code: number | null } {
  writeFileSync(join(root, 'it.unit.spec.ts'), spec);
  const config = JSON.stringify({ rootDir: root, testMatch: ['**/*.spec.ts'], transform: {} });
  const { stdout, status } = spawnSync(process.execPath, [TEST, `--config=${config}`, ...args], { encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1)!, code: status };
}

describe('the closing line of npm test', () => {
  it('counts what passed and what was skipped', () =>
    expect(run("it('a', () => {}); it.skip('b', () => {})")).toEqual({
      last: '1 passed, 0 failed, 1 skipped',
      code: 0,
    }));

  it('counts what failed, and ends with an error', () =>
    expect(run("it('a', () => {}); it('b', () => { throw new Error('no'); })")).toEqual({
      last: '1 passed, 1 failed',
      code: 1,
    }));

  it('counts a file that can not be loaded as a failure', () =>
    expect(run("throw new Error('broken')")).toEqual({ last: '0 passed, 1 failed', code: 1 }));

  it('ends with an error where no test ran', () => {
    const { last, code } = run("it('a', () => {})", '--testPathPatterns=nothing-has-this-name');
    expect(code).not.toBe(0);
    expect(last).toMatch(/^0 passed, \d failed$/);
  });
});
