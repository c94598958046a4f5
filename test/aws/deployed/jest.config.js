import base from '../../../jest.config.js';

/** Tests of the system as `cdk deploy` has put it into an emulated account (see test/aws/prove-deployment.ts and prove-documents.ts). */
export default {
  ...base,
  rootDir: '../../..',
  // The emulator takes a processor, too.
  maxWorkers: '50%',
  testMatch: ['<rootDir>/test/{scenarios,aws/deployed,aws/afterwards,aws/documents}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default'],
  // A deployment shares two processors with the emulator, and each first call starts a function.
  testTimeout: 90_000,
};
