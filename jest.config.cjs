// Plain Node projects transpiled by swc; types are checked by `tsc -b`, not here.
// ESM-only packages are transpiled to CommonJS, because jest's module system cannot require() ESM.
const esmOnly = [
  'jose',
  '@apollo/server',
  'any-ascii',
  'csv-parse',
  'nodemailer',
  '@nats-io',
  '@marcbachmann',
  'uuid',
  'p-limit',
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/gateway',
    '<rootDir>/subgraphs',
    '<rootDir>/libs',
    '<rootDir>/clients',
    '<rootDir>/tools',
    '<rootDir>/k8s',
  ],
  testMatch: ['**/*.{unit,int,e2e}.spec.ts'],
  modulePathIgnorePatterns: ['/dist/', '/.trenza/'],
  testEnvironmentOptions: { customExportConditions: ['trenza-source', 'node', 'require', 'default'] },
  transform: {
    '\\.(t|j|mj|cj)s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  globalSetup: '<rootDir>/tools/src/test/global-setup.ts',
  globalTeardown: '<rootDir>/tools/src/test/global-teardown.ts',
  setupFiles: ['<rootDir>/tools/src/test/setup.ts'],
  // A test waits on real PostgreSQL and NATS; a hang must still end the run.
  testTimeout: 30_000,
  maxWorkers: 2,
};
