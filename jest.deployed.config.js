import base from './jest.config.js';

/** Tests of the system as `cdk deploy` has put it into an emulated account (see test/aws/prove-deployment.ts). */
export default {
  ...base,
  testMatch: ['<rootDir>/test/{scenarios,aws/deployed,aws/afterwards}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default'],
  // A deployment shares two processors with the emulator, and each first call starts a function.
  testTimeout: 90_000,
};
