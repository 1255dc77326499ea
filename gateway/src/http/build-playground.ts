import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCE = join(__dirname, '..', '..', 'playground');
export const PLAYGROUND_FOLDER = join(__dirname, '..', '..', 'dist', 'playground');
/** The first thing that people ask for; the story of the tests asks the same. */
const WHOLE_CUSTOMER = join(SOURCE, '..', '..', 'tools', 'src', 'story', 'customer.graphql');
const STAMP = '.sources';

/**
 * Bundles GraphiQL, its editor and the editor's workers once, into a folder that is not committed. It takes two seconds or three and
 * happens again only when the page's sources or the version of GraphiQL change.
 */
export async function ensurePlayground(): Promise<void> {
  const stamp = await sourcesStamp();
  const stampFile = join(PLAYGROUND_FOLDER, STAMP);
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return;
  // Built aside and moved, so that two gateways that start at once do not see half of it.
  const aside = `${PLAYGROUND_FOLDER}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  await bundle(aside);
  await copyFile(join(SOURCE, 'index.html'), join(aside, 'index.html'));
  await writeFile(join(aside, STAMP), stamp);
  await rm(PLAYGROUND_FOLDER, { recursive: true, force: true });
  await rename(aside, PLAYGROUND_FOLDER).catch(() => rm(aside, { recursive: true, force: true }));
}

async function bundle(outdir: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    entryPoints: {
      main: join(SOURCE, 'main.jsx'),
      'editor.worker': require.resolve('monaco-editor/esm/vs/editor/editor.worker.js'),
      'json.worker': require.resolve('monaco-editor/esm/vs/language/json/json.worker.js'),
      'graphql.worker': require.resolve('monaco-graphql/esm/graphql.worker.js'),
    },
    outdir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    loader: { '.ttf': 'file', '.graphql': 'text' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
}

async function sourcesStamp(): Promise<string> {
  const hash = createHash('sha256');
  const { version } = require('graphiql/package.json') as { version: string };
  hash.update(version);
  const files = (await readdir(SOURCE, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  for (const path of [...paths, WHOLE_CUSTOMER]) hash.update(path).update(await readFile(path));
  return hash.digest('hex');
}
