import base from '../../jest.config.js';

/** Tests against a real mail server: they need a JDK (17 or newer) and Maven. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/mail/**/*.test.ts'],
  testPathIgnorePatterns: [],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  // Only what fails waits so long, for each of its steps: see test/scenarios/eventually.ts.
  testTimeout: 600_000,
  maxWorkers: 1,
};
