/**
 * Who may import whom: the import rules of the architecture, one rule a sentence. `test/boundaries.test.ts` keeps them.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'core-is-pure',
      comment: 'The core imports only itself, zod and node:crypto: clock, ids and ports are arguments.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^src/core/', '^node_modules/zod/', '^(node:)?crypto$'] },
    },
    {
      name: 'connectors-know-the-core-only',
      comment:
        'A connector type knows the core, the shared parts and libraries: a new type touches no other folder.',
      severity: 'error',
      from: { path: '^src/connectors/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(src|lib|lambdas|test|bench|bin|dashboard)/',
        pathNot: '^src/(core|connectors|signatures|net|files|providers)/',
      },
    },
    {
      name: 'signatures-are-pure',
      comment:
        'Signing and verifying is arithmetic: keys, bytes and the time are arguments, and nobody else is known.',
      severity: 'error',
      from: { path: '^src/signatures/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^src/signatures/', '^(node:)?crypto$'] },
    },
    {
      name: 'net-knows-the-core-only',
      comment: 'What goes out to the network is guarded in one place, which knows no protocol and no engine.',
      severity: 'error',
      from: { path: '^src/net/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src|lib|lambdas|test|bench|bin|dashboard)/', pathNot: '^src/(core|net)/' },
    },
    {
      name: 'providers-know-shared-parts-only',
      comment: 'What connector types of providers with an HTTP API share knows no type and no engine.',
      severity: 'error',
      from: { path: '^src/providers/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(src|lib|lambdas|test|bench|bin|dashboard)/',
        pathNot: '^src/(core|signatures|net|files|providers)/',
      },
    },
    {
      name: 'ingress-knows-the-core-only',
      comment: 'What brings events to connectors knows no type: types tell it what to do.',
      severity: 'error',
      from: { path: '^src/ingress/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src|lib|lambdas|test|bench|bin|dashboard)/', pathNot: '^src/(core|ingress)/' },
    },
    {
      name: 'connector-types-know-no-other',
      comment: 'One connector type does not import another.',
      severity: 'error',
      from: { path: '^src/connectors/([^/]+)/.+', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/connectors/[^/]+/', pathNot: '^src/connectors/$1/' },
    },
    {
      name: 'stack-knows-connectors-by-their-registry',
      comment: 'The stack adds what connector types bind, whichever they are: it names none.',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/connectors/' },
      to: { path: '^lib/connectors/', pathNot: '^lib/connectors/(index|props)\\.ts$' },
    },
    {
      name: 'connector-bindings-know-no-other',
      comment: 'What one connector type has in the stack does not import what another has.',
      severity: 'error',
      from: { path: '^lib/connectors/([^/.]+)[/.]', pathNot: '^lib/connectors/(index|props)\\.ts$' },
      to: { path: '^lib/connectors/', pathNot: '^lib/connectors/$1[/.]' },
    },
    {
      name: 'agents-know-the-core-only',
      comment: 'Loading and running agents depends on no engine, no connector and no server.',
      severity: 'error',
      from: { path: '^src/agents/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src|lib|lambdas|test|bench|bin|dashboard)/', pathNot: '^src/(core|agents|files|net)/' },
    },
    {
      name: 'files-know-nobody',
      comment: 'How a file is written depends on no part of the product that writes one.',
      severity: 'error',
      from: { path: '^src/files/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src|lib|lambdas|test|bench|bin|dashboard)/', pathNot: '^src/files/' },
    },
    {
      name: 'engines-do-not-serve',
      comment:
        'An engine adapts a platform to the core; it knows nothing of the API, the server or the command line.',
      severity: 'error',
      from: { path: '^src/engines/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(src|lib|lambdas|test|bench|bin|dashboard)/',
        pathNot: '^src/(core|agents|connectors|engines|files|ingress)/',
      },
    },
    {
      name: 'engines-know-no-other',
      comment: 'One engine does not import another.',
      severity: 'error',
      from: { path: '^src/engines/(aws|embedded)/' },
      to: { path: '^src/engines/(aws|embedded)/', pathNot: '^src/engines/$1/' },
    },
    {
      name: 'api-knows-no-engine',
      comment: 'The management API works against the ports, whatever engine is behind them.',
      severity: 'error',
      from: { path: '^src/api/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src|lib|lambdas|test|bench|bin|dashboard)/', pathNot: '^src/(core|api)/' },
    },
    {
      name: 'contract-runs-anywhere',
      comment: "The API's contract is imported by a browser: nothing of Node, no other part of the API.",
      severity: 'error',
      from: { path: '^src/api/contract/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: ['^src/api/contract/', '^src/core/', '^node_modules/(zod|@hono/zod-openapi)/'],
      },
    },
    {
      name: 'only-entry-points-import-server-and-cli',
      comment: 'The server and the command line are the outermost parts.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(cli|server)/', '\\.test\\.ts$'] },
      to: { path: '^src/(cli|server)/' },
    },
    {
      name: 'dashboard-knows-the-contract-only',
      comment: 'The web page imports the types of the API, never the product.',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^(src|lib|lambdas|test|bench|bin)/', pathNot: '^src/api/contract/' },
    },
    {
      name: 'scenarios-are-black-box',
      comment: 'A scenario knows a base URL and a token; it runs against any engine unchanged.',
      severity: 'error',
      from: { path: '^test/scenarios/' },
      to: { path: '^(src|lib|lambdas|bench|dashboard)/' },
    },
    {
      name: 'product-without-tests',
      comment: 'What ships imports neither tests, benchmarks nor development dependencies.',
      severity: 'error',
      from: {
        path: '^(src|bin|lambdas|lib)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '^(test|bench)/|\\.test\\.ts$', dependencyTypesNot: ['npm'] },
    },
    {
      name: 'no-circles',
      comment: 'A circle of imports has no beginning to read from.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(project|test/scenarios/project)/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
