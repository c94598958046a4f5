import base from '../../jest.config.js';

/** Tests against servers that are compatible with AWS: they need a JDK (17 or newer) and Maven, and some minutes. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/compatible/**/*.test.ts'],
  testPathIgnorePatterns: [],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
};
