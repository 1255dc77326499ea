/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'subgraphs-are-islands',
      comment: 'A subgraph hears of another one by its events and sees it through the graph; it never imports it.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^subgraphs/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'libs-know-no-subgraph',
      comment: 'What all share knows none of them: a lib imports libs only.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(subgraphs|gateway|clients|tools)/', pathNot: '^tools/src/embedded/' },
    },
    {
      name: 'gateway-knows-no-subgraph',
      comment: 'The gateway knows the subgraphs by their schema and address, never by their code.',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^(subgraphs|clients)/' },
    },
    {
      name: 'domain-imports-no-typeorm',
      comment:
        'A file named by a noun alone holds pure decisions. Use cases, entities, types, resolvers and queries have a longer name.',
      severity: 'error',
      from: {
        path: '^subgraphs/[^/]+/src/([^/]+)/\\1\\.ts$',
      },
      to: { path: '(^|/)node_modules/(typeorm|pg)/|^libs/(database|outbox|bus)/' },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: { pathNot: '\\.(entity|type)\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'production-needs-no-tests',
      comment: 'Nothing that ships imports a spec or the testing lib.',
      severity: 'error',
      from: { path: '^(subgraphs|gateway|libs)/', pathNot: '\\.spec\\.ts$|^libs/testing/|/testing/|\\.fixture\\.ts$' },
      to: { path: '\\.spec\\.ts$|^libs/testing/' },
    },
  ],
  options: {
    // Under TypeScript 7 the default parser finds no classic compiler and silently sees nothing.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated|\\.trenza)/' },
    // The same condition as in the tests: a lib is read from its sources, without a build.
    enhancedResolveOptions: {
      conditionNames: ['trenza-source', 'node', 'require', 'import', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
