/** Every test runs as native ESM: the files' own `.ts` specifiers resolve as they do in Node. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: false },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testMatch: ['<rootDir>/{src,test,project,lib,lambdas,bench}/**/*.test.ts'],
  // They need an emulated account or a broker: npm run test:aws, npm run test:kafka.
  testPathIgnorePatterns: ['/node_modules/', '\\.aws\\.test\\.ts$', '<rootDir>/test/kafka/'],
  reporters: ['default', '<rootDir>/test/left-out-reporter.ts'],
  testTimeout: 30_000,
};
