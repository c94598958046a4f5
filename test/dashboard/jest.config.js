import config from '../../jest.config.js';

/** The dashboard in a real browser: apart from the other tests, which need none. */
export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/dashboard/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/dashboard/deployed/'],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  testTimeout: 240_000,
  // Each file starts a product and a browser.
  maxWorkers: 1,
};
