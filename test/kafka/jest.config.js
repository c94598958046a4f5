import base from '../../jest.config.js';

/** Tests against a real broker: they need a JDK (17 or newer) and Maven, and some minutes. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/kafka/**/*.test.ts'],
  testPathIgnorePatterns: [],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  testTimeout: 300_000,
  maxWorkers: 1,
};
