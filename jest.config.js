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
  testMatch: ['<rootDir>/{src,test,project,lib,lambdas,bench,dashboard}/**/*.test.ts'],
  // They need an emulated account, Python, a broker or a browser: npm run test:aws, test:api, test:kafka,
  // test:dashboard.
  testPathIgnorePatterns: [
    '/node_modules/',
    '\\.aws\\.test\\.ts$',
    '<rootDir>/test/aws/(deployed|afterwards|documents)/',
    '<rootDir>/test/api/',
    '<rootDir>/test/kafka/',
    '<rootDir>/test/dashboard/',
  ],
  reporters: ['default', '<rootDir>/test/left-out-reporter.ts'],
  // The package for others' apps has the name of this one.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // Only what fails waits so long: on a busy machine a process may stand still for seconds.
  testTimeout: 180_000,
};
