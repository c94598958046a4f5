import config from '../jest.config.js';

/** The dashboard of a deployment, in a real browser: `test/aws/prove-deployment.ts` makes one and starts this. */
export default {
  ...config,
  rootDir: '../../..',
  testMatch: ['<rootDir>/test/dashboard/story-by-*.test.ts', '<rootDir>/test/dashboard/deployed/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
