import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';

// Threads and processes that tests start take compiled code from where the product keeps it.
const compiled = join(import.meta.dirname, 'node_modules/.cache/node-compile-cache');
process.env.NODE_COMPILE_CACHE = compiled;
enableCompileCache(compiled);
useMemoryForFiles('/dev/shm');

/**
 * Puts temporary files into memory where there is much of it: hundreds of databases wait for the disk with each write
 * otherwise. What is committed still outlives a killed process there.
 */
function useMemoryForFiles(place) {
  const spareBytes = 6e9;
  try {
    const { bavail, bsize } = statfsSync(place);
    if (Math.min(bavail * bsize, freemem()) < spareBytes) return;
    const folder = mkdtempSync(join(place, 'connectors-tests-'));
    // A test gives up its rights for a moment.
    chmodSync(folder, 0o755);
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    process.env.TMPDIR = folder;
  } catch {
    // Only Linux has this place, and not everybody may write to it.
  }
}

/** Every test runs in Node itself: see test/native-runner.ts. */
export default {
  testEnvironment: 'node',
  // Tests wait much, for disks and for other processes: a third worker uses the time of two processors.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  // A worker keeps much of what its files have loaded; above this size another one starts.
  workerIdleMemoryLimit: '1GB',
  // Node runs the tests, as it runs the product.
  testRunner: '<rootDir>/test/native-runner.ts',
  testSequencer: '<rootDir>/test/long-files-first.ts',
  injectGlobals: false,
  transform: {},
  testMatch: ['<rootDir>/{src,test,project,lib,lambdas,bench,dashboard}/**/*.test.ts'],
  // They need an emulated account, Python, a broker, a mail or database server, a browser or minutes: npm run
  // test:aws, test:api, test:kafka, test:mail, test:compatible, test:postgres, test:dashboard, test:long,
  // test:second-emulator.
  testPathIgnorePatterns: [
    '/node_modules/',
    '\\.(aws|long)\\.test\\.ts$',
    '<rootDir>/test/aws/(deployed|afterwards|documents|second-emulator)/',
    '<rootDir>/test/api/',
    '<rootDir>/test/kafka/',
    '<rootDir>/test/mail/',
    '<rootDir>/test/compatible/',
    '<rootDir>/test/postgres/',
    '<rootDir>/test/dashboard/',
  ],
  reporters: ['default', ['<rootDir>/test/run-reporter.ts', { leavesOut: true }]],
  // The package for others' apps has the name of this one.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // Only what fails waits so long: on a busy machine a process may stand still for seconds.
  testTimeout: 180_000,
};
