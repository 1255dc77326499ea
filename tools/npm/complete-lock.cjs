'use strict';
// Adds to package-lock.json the packages of other operating systems that npm left out because its registry did not offer
// them when the file was written (a mirror, an offline cache). Without their entries `npm ci` refuses the whole file, here
// and everywhere else. They are optional and only installed on the system they name. Says what it added.
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const file = path.join(__dirname, '..', '..', 'package-lock.json');
const SYSTEMS = ['darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'android', 'sunos', 'aix', 'openharmony'];
const PROCESSORS = ['arm64', 'x64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

/** Optional packages with an exact version that no entry stands for, as entries. */
function missingEntries(packages) {
  const missing = {};
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
      if (!path.includes('node_modules/') || !/^\d/.test(version) || places.some((place) => packages[place])) continue;
      missing[places[1]] = { version, ...platformOf(name), optional: true };
    }
  }
  return missing;
}

/** `@nx/nx-linux-arm64-musl` says itself where it belongs. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const os = SYSTEMS.filter((system) => words.includes(system));
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') && os.includes('linux') ? ['glibc'] : [];
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(libc.length > 0 && { libc }),
    ...(os.length > 0 && { os }),
  };
}

module.exports = { missingEntries };

if (require.main === module) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingEntries(lock.packages);
  const { '': root, ...rest } = { ...lock.packages, ...missing };
  const sorted = Object.keys(rest).sort((a, b) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted.map((path) => [path, rest[path]])) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`package-lock.json: ${Object.keys(missing).length} optional packages of other systems added\n`);
}
