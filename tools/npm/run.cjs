'use strict';
// The door that every npm script goes through: it makes sure that what the command needs is installed and built, then
// runs the command on the Node that the repository pins. Plain CommonJS without dependencies, so that any Node from 20 up
// can start it in a clone where nothing is installed yet.
const { spawn, spawnSync } = require('node:child_process');
const { existsSync, readFileSync, mkdirSync, openSync, closeSync } = require('node:fs');
const { constants } = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const OLDEST_NODE = 20;
const PROGRESS_EVERY_MS = 5_000;

/** What each command runs; the default is `tools/dist/<command>/main.js`. */
const scripts = {
  start: ['tools/dist/platform/main.js'],
  dev: ['tools/dist/platform/main.js', '--watch'],
  test: ['tools/check/test.cjs'],
  // Benchmarks are no part of what ships, so they are not in the build: tsx reads them as they are.
  bench: ['--conditions=trenza-source', '--import=tsx', 'tools/bench/run.ts'],
};
async function main() {
  const [command, ...args] = process.argv.slice(2);
  if (!command) fail('say which command to run, for example: node tools/npm/run.cjs start', 2);
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE)
    fail(`Node ${process.version} is too old to start Trenza. Install Node ${OLDEST_NODE} or newer.`, 2);
  if (!installed()) await install();
  if (command === 'install') return;
  build();
  const script = scripts[command] ?? [`tools/dist/${command}/main.js`];
  const file = script.find((part) => !part.startsWith('--'));
  if (!existsSync(path.join(root, file))) fail(`there is no command "${command}": ${file} does not exist`, 2);
  await run([...script, ...args]);
}

/**
 * True where everything that package-lock.json asks for is in node_modules. npm writes what it installed into a lock file
 * of its own; comparing the two sees an interrupted install and a pulled change, and is not fooled by file times.
 */
function installed() {
  const wanted = lockedPackages('package-lock.json');
  const present = lockedPackages('node_modules/.package-lock.json');
  if (!present || !existsSync(pinnedNode())) return false;
  return Object.entries(wanted ?? {}).every(([path, { version, link, optional }]) => {
    if (!path.includes('node_modules/')) return true;
    if (link) return Boolean(present[path]);
    // An optional package of another operating system is in the wanted list only.
    return present[path] ? present[path].version === version : Boolean(optional);
  });
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function pinnedNode() {
  return path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

async function install() {
  mkdirSync(path.join(root, '.trenza'), { recursive: true });
  const logFile = path.join(root, '.trenza', 'install.log');
  const log = openSync(logFile, 'w');
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const say = (text, end) =>
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${text}${end ? '\n' : ''}` : `${text}\n`);
  say('Installing what package-lock.json names (once; a minute or two) …');
  const ticker = setInterval(() => say(`Installing … ${seconds()}`), process.stderr.isTTY ? 1_000 : PROGRESS_EVERY_MS);
  const [npm, ...npmArgs] = npmCommand();
  // `--include=dev`: the compiler and the embedded PostgreSQL are development dependencies, also where NODE_ENV says production.
  const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'];
  const code = await exitOf(spawn(npm, [...npmArgs, ...flags], { cwd: root, stdio: ['ignore', log, log] }));
  clearInterval(ticker);
  closeSync(log);
  if (code === 0) {
    say(`Installed in ${seconds()}.`, true);
    return;
  }
  const tail = readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
  fail(`npm ci failed after ${seconds()} (exit ${code}). Its last lines (all of them are in ${logFile}):\n${tail}`, 1);
}

/** The npm that called us, else the one on PATH. */
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own && /npm-cli\.c?js$/.test(own) && existsSync(own)) return [process.execPath, own];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** `tsc -b` is incremental: half a second when nothing changed. Its output goes to stderr, a command's stdout is the command's. */
function build() {
  if (process.env.TRENZA_BUILT === '1') return;
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(pinnedNode(), [tsc, '-b'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) fail(`the build failed:\n${stdout}${stderr}`, 1);
}

/** Runs the script on the pinned Node, passes signals on, and ends as the script ended. */
async function run(args) {
  const child = spawn(pinnedNode(), args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      TRENZA_BUILT: '1',
      TRENZA_CALLED_FROM: process.env.INIT_CWD ?? process.cwd(),
      // tsx must know of our decorators, or a benchmark that calls a use case can't read its types.
      TSX_TSCONFIG_PATH: 'tsconfig.base.json',
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.exitCode = await exitOf(child);
}

function exitOf(child) {
  return new Promise((resolve) => {
    child.on('error', (error) => fail(`could not run ${child.spawnfile}: ${error.message}`, 1));
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function fail(message, code) {
  process.stderr.write(`trenza: ${message}\n`);
  process.exit(code);
}

void main();
