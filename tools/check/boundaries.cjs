'use strict';
// Holds the boundaries of .dependency-cruiser.cjs, and makes sure that they were looked at: a parser that reads nothing
// finds nothing wrong, so a run that saw too few modules, or no import of a lib, fails.
const { existsSync } = require('node:fs');
const path = require('node:path');

const FOLDERS = ['gateway', 'subgraphs', 'libs', 'tools'];
/** The repository has hundreds; fewer than this means that the parser or a path is wrong. */
const FEWEST_MODULES = 100;

/** Returns what is wrong below `root`, one line each, and what was seen. */
async function check(root, fewestModules = FEWEST_MODULES) {
  process.chdir(root);
  const { cruise } = await import('dependency-cruiser');
  const { forbidden, options } = require('../../.dependency-cruiser.cjs');
  const { output } = await cruise(
    FOLDERS.filter((folder) => existsSync(path.join(root, folder))),
    { ...options, validate: true, ruleSet: { forbidden } },
    options.enhancedResolveOptions,
  );
  const ours = output.modules.filter(({ source }) => /^(gateway|subgraphs|libs|tools)\/.*\.ts$/.test(source));
  const toLibs = ours
    .flatMap(({ dependencies }) => dependencies)
    .filter(({ resolved }) => /^libs\/.*\.ts$/.test(resolved));
  const seen = `${ours.length} modules, ${toLibs.length} imports of a lib`;
  const wrong = output.summary.violations.map(({ rule, from, to, cycle }) => {
    const path = cycle ? cycle.map((step) => step.name).join(' → ') : to;
    return `${rule.name}: ${from} → ${path}`;
  });
  if (ours.length < fewestModules || toLibs.length === 0)
    wrong.push(`only ${seen} were seen: the parser or a path is wrong, so nothing was checked`);
  return { seen, wrong };
}

async function main() {
  const { seen, wrong } = await check(path.join(__dirname, '..', '..'));
  for (const line of wrong) process.stderr.write(`${line}\n`);
  process.stdout.write(`boundaries: ${seen}, ${wrong.length} violations\n`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

module.exports = { check };
if (require.main === module) void main();
