import base from '../../jest.config.js';

/** Kills under load, a process that stands still, whole minutes: what takes too long to run with each change. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/{src,test}/**/*.long.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default', '<rootDir>/test/run-reporter.ts'],
  // Most of them load a product as much as they can.
  maxWorkers: 2,
};
