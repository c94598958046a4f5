import base from '../../jest.config.js';

/** Tests against a real mail server: they need a JDK (17 or newer) and Maven. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/mail/**/*.test.ts'],
  testPathIgnorePatterns: [],
  reporters: ['default'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
