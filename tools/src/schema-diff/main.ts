import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import { brokenOperations, compare } from './compare.ts';
import { listedOperations } from './listed-operations.ts';

const root = join(__dirname, '..', '..', '..');
const SUPERGRAPH = 'gateway/supergraph.graphql';

/**
 * `npm run schema:diff [-- --against <git revision>]`: what clients see of the graph now, against the last release (the newest tag
 * `v…`, else the last commit). Ends with 1 where a change breaks clients.
 */
function main(args: string[]): number {
  const at = args.indexOf('--against');
  const revision = at >= 0 ? args[at + 1] : lastRelease();
  if (!revision) throw new Error('Say which revision to compare with: --against <git revision>.');
  const before = git('show', `${revision}:${SUPERGRAPH}`);
  const after = readFileSync(join(root, SUPERGRAPH), 'utf8');
  const [old, next] = [apiSchema(before), apiSchema(after)];
  const { breaking, dangerous, safe } = compare(old, next);
  console.log(`${SUPERGRAPH} against ${revision}`);
  print('breaking', breaking);
  print('dangerous', dangerous);
  print('safe', safe);
  const listed = listedOperations(join(root, 'gateway', 'clients.json'));
  const broken = brokenOperations(next, listed);
  print(
    `operations that clients have on their lists and that would fail (of ${listed.length})`,
    broken.map(({ client, version, name, why }) => `${client} ${version}: ${name}: ${why.join(' ')}`),
  );
  return breaking.length + broken.length > 0 ? 1 : 0;
}

function print(title: string, lines: readonly string[]): void {
  console.log(`\n${title}: ${lines.length}`);
  for (const line of lines.toSorted()) console.log(`  ${line}`);
}

const apiSchema = (sdl: string): GraphQLSchema => Supergraph.build(sdl).apiSchema().toGraphQLJSSchema();

const git = (...args: string[]): string =>
  execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

function lastRelease(): string {
  try {
    return git('describe', '--tags', '--match', 'v*', '--abbrev=0').trim();
  } catch {
    return 'HEAD';
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
