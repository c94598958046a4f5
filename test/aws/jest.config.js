import base from '../../jest.config.js';

/** What needs an AWS account, against one emulated account for all of it (see test/aws/ministack.ts). */
export default {
  ...base,
  rootDir: '../..',
  // The emulator takes a processor, too.
  maxWorkers: '50%',
  globalSetup: '<rootDir>/test/aws/account-setup.ts',
  globalTeardown: '<rootDir>/test/aws/account-teardown.ts',
  testMatch: ['<rootDir>/{src,test}/**/*.aws.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
};
