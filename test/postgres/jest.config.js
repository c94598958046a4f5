import base from '../../jest.config.js';

/** Tests against a real database server: they need PostgreSQL (Debian: postgresql). */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/postgres/**/*.test.ts'],
  testPathIgnorePatterns: [],
  reporters: ['default'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
