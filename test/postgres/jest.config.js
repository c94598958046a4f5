import base from '../../jest.config.js';

/** Tests against a real database server: they need PostgreSQL (Debian: postgresql). */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/postgres/**/*.test.ts'],
  testPathIgnorePatterns: [],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  // Only what fails waits so long, for each of its steps: see test/scenarios/eventually.ts.
  testTimeout: 600_000,
  maxWorkers: 1,
};
