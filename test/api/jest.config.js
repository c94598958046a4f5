import base from '../../jest.config.js';

/** Requests that a tool makes up from the OpenAPI description, to a started product: they need Python 3. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/api/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  // Only what fails waits so long.
  testTimeout: 600_000,
  maxWorkers: 1,
};
