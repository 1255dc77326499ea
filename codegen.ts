import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * `npm run codegen`: from the supergraph, types for whoever asks it, and the manifest of the app. The generated TypeScript is not
 * committed; the manifest is, because it is what the app and the gateway agree on.
 */
const scalars = {
  DateTime: { input: 'Date | string', output: 'string' },
  SafeInt: 'number',
  JSON: 'unknown',
  JSONObject: 'Record<string, unknown>',
};

const config: CodegenConfig = {
  schema: { 'gateway/supergraph.graphql': { loader: './gateway/api-schema.cjs' } },
  ignoreNoDocuments: true,
  generates: {
    'clients/mobile/persisted-query-manifest.json': {
      documents: 'clients/mobile/operations/*.graphql',
      plugins: ['./clients/mobile/manifest-plugin.cjs'],
    },
    'clients/mobile/generated/operations.ts': {
      documents: 'clients/mobile/operations/*.graphql',
      plugins: ['typescript', 'typescript-operations', 'typed-document-node'],
      config: { scalars, useTypeImports: true, enumsAsTypes: true },
    },
  },
};

export default config;
