import { describe } from '@jest/globals';
import { describePorts } from '../conformance/describe-ports.ts';
import { describeOneProcess } from '../conformance/one-process-suite.ts';
import { openTestStores } from './test-stores.ts';

describe('the embedded engine', () => {
  describePorts(openTestStores);
  describeOneProcess(openTestStores);
});
