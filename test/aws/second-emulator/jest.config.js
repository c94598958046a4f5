import base from '../../../jest.config.js';

/** The deployment as another emulator sees it. It needs Cargo, Python 3, and an hour the first time: run it by night. */
export default {
  ...base,
  rootDir: '../../..',
  testMatch: ['<rootDir>/test/aws/second-emulator/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  testTimeout: 3_600_000,
};
