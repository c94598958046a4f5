import base from '../../../jest.config.js';

/** Tests of the system as `cdk deploy` has put it into an emulated account (see test/aws/prove-deployment.ts and prove-documents.ts). */
export default {
  ...base,
  rootDir: '../../..',
  // The emulator takes a processor, too.
  maxWorkers: '50%',
  testMatch: ['<rootDir>/test/{scenarios,aws/deployed,aws/afterwards,aws/documents}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  // Only what fails waits so long, for each of its steps: see test/scenarios/eventually.ts.
  testTimeout: 600_000,
};
