import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const CHECK = join(__dirname, '..', '..', 'check', 'boundaries.cjs');
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'trenza-boundaries-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A small repository in which everything is right, and the given files. */
function check(files: Record<string, string>): string[] {
  const all: Record<string, string> = {
    'libs/values/src/index.ts': 'export const one = 1;',
    'subgraphs/loyalty/src/points/points.ts':
      "import { one } from '../../../../libs/values/src/index.ts'; export const p = one;",
    'subgraphs/feedback/src/answers/answer.ts': 'export const a = 1;',
    'node_modules/typeorm/index.js': 'module.exports = {};',
    'node_modules/typeorm/package.json': '{"name":"typeorm","version":"1.0.0","main":"index.js"}',
    'package.json': '{"dependencies":{"typeorm":"1"}}',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  // In a process of its own: dependency-cruiser is an ES module, which jest's module system can't load.
  const script = `require(${JSON.stringify(CHECK)}).check(${JSON.stringify(root)}, 2).then(({ wrong }) => console.log(JSON.stringify(wrong)))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

describe('the check of the boundaries', () => {
  it('finds nothing where nothing is wrong', () => expect(check({})).toEqual([]));

  it('finds a subgraph that imports another one', () =>
    expect(check({ 'subgraphs/loyalty/src/tiers/x.ts': "import '../../../feedback/src/answers/answer.ts';" })).toEqual([
      'subgraphs-are-islands: subgraphs/loyalty/src/tiers/x.ts → subgraphs/feedback/src/answers/answer.ts',
    ]));

  it('finds a lib that knows a subgraph', () =>
    expect(check({ 'libs/bus/src/index.ts': "import '../../../subgraphs/loyalty/src/points/points.ts';" })).toEqual([
      'libs-know-no-subgraph: libs/bus/src/index.ts → subgraphs/loyalty/src/points/points.ts',
    ]));

  it('finds pure decisions that import TypeORM', () =>
    expect(check({ 'subgraphs/loyalty/src/tiers/tiers.ts': "import 'typeorm';" })).toEqual([
      'domain-imports-no-typeorm: subgraphs/loyalty/src/tiers/tiers.ts → node_modules/typeorm/index.js',
    ]));

  it('finds files that import each other', () =>
    expect(
      check({
        'libs/bus/src/a.ts': "import { b } from './b.ts'; export const a = b;",
        'libs/bus/src/b.ts': "import { a } from './a.ts'; export const b = a;",
      }),
    ).toEqual(['no-circles: libs/bus/src/a.ts → libs/bus/src/b.ts → libs/bus/src/a.ts']));

  it('fails where it sees nothing', () => {
    const script = `require(${JSON.stringify(CHECK)}).check(${JSON.stringify(root)}).then(({ wrong }) => console.log(wrong[0]))`;
    mkdirSync(join(root, 'libs'));
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(stdout).toContain('nothing was checked');
  });
});
