'use strict';
// Runs jest over the whole repository, or over one kind of test (`unit`, `int`, `e2e`), and closes with one line that a
// machine can read: `N passed, N failed`, taken from jest's own JSON result.
const { spawnSync } = require('node:child_process');
const { mkdirSync, readFileSync, rmSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const KINDS = ['unit', 'int', 'e2e'];
const [first, ...rest] = process.argv.slice(2);
const kind = KINDS.includes(first) ? first : undefined;
const asked = kind ? rest : process.argv.slice(2);

const results = path.join(root, '.trenza', 'checks');
mkdirSync(results, { recursive: true });
const outputFile = path.join(results, `jest-${process.pid}.json`);
const pattern = kind ? ['--testMatch', `**/*.${kind}.spec.ts`] : [];
const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const { status, signal } = spawnSync(
  process.execPath,
  [jest, '--json', `--outputFile=${outputFile}`, ...pattern, ...asked],
  // With --json jest prints the result on stdout as well; what people read goes to stderr.
  { cwd: root, stdio: ['inherit', 'ignore', 'inherit'] },
);
process.exitCode = close();

function close() {
  const result = read();
  if (!result) {
    process.stderr.write(`jest ended without a result (${signal ?? `exit ${status}`})\n`);
    process.stdout.write('0 passed, 1 failed\n');
    return status || 1;
  }
  // A file that could not even be loaded holds no test that failed, so it is counted as one.
  const broken = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = result.numFailedTests + broken.length;
  const skipped = result.numPendingTests + result.numTodoTests;
  process.stdout.write(
    `${result.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
  );
  if (result.numPassedTests + failed === 0) {
    process.stderr.write('no test ran: check the pattern that was asked for\n');
    return 1;
  }
  return failed > 0 || status !== 0 ? status || 1 : 0;
}

function read() {
  try {
    return JSON.parse(readFileSync(outputFile, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(outputFile, { force: true });
  }
}
