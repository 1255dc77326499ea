'use strict';
// Holds the boundaries of .dependency-cruiser.cjs, and makes sure that they were looked at: a parser that reads nothing
// finds nothing wrong, so a run that saw too few modules, or no import of a lib, fails.
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const FOLDERS = ['gateway', 'subgraphs', 'libs', 'tools'];
/** The repository has hundreds; fewer than this means that the parser or a path is wrong. */
const FEWEST_MODULES = 30;

async function main() {
  process.chdir(root);
  const { cruise } = await import('dependency-cruiser');
  const { forbidden, options } = require(join(root, '.dependency-cruiser.cjs'));
  const { output } = await cruise(
    FOLDERS,
    { ...options, validate: true, ruleSet: { forbidden } },
    options.enhancedResolveOptions,
  );
  const { summary, modules } = output;
  const ours = modules.filter((module) => /^(gateway|subgraphs|libs|tools)\/.*\.ts$/.test(module.source));
  const toLibs = ours
    .flatMap((module) => module.dependencies)
    .filter(({ resolved }) => /^libs\/.*\.ts$/.test(resolved));
  for (const { rule, from, to, cycle } of summary.violations) {
    const path = cycle ? cycle.map((step) => step.name).join(' → ') : to;
    process.stderr.write(`${rule.name}: ${from} → ${path}\n`);
  }
  const seen = `${ours.length} modules, ${toLibs.length} imports of a lib`;
  if (ours.length < FEWEST_MODULES || toLibs.length === 0) {
    process.stderr.write(`boundaries: only ${seen} were seen; the parser or a path is wrong, so nothing was checked\n`);
    return 1;
  }
  process.stdout.write(`boundaries: ${seen}, ${summary.violations.length} violations\n`);
  return summary.violations.length > 0 ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    process.stderr.write(`boundaries: ${error.stack}\n`);
    process.exitCode = 2;
  },
);
