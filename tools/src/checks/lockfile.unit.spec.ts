import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');
const { missingEntries } = require(join(root, 'tools', 'npm', 'complete-lock.cjs')) as {
  missingEntries: (packages: Record<string, object>) => Record<string, object>;
};

describe('package-lock.json', () => {
  it('names the optional packages of every system, without which npm ci refuses it', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, object>;
    };
    // Run `node tools/npm/complete-lock.cjs` where this fails.
    expect(Object.keys(missingEntries(packages))).toEqual([]);
  });

  it('is completed with the system that a package names', () =>
    expect(
      missingEntries({
        'node_modules/nx': { optionalDependencies: { '@nx/nx-linux-arm64-musl': '1.2.3', fsevents: '^2.0.0' } },
      }),
    ).toEqual({
      'node_modules/@nx/nx-linux-arm64-musl': {
        version: '1.2.3',
        cpu: ['arm64'],
        libc: ['musl'],
        os: ['linux'],
        optional: true,
      },
    }));
});
