import { describe } from '@jest/globals';
import { describePorts } from '../../../test/conformance/describe-ports.ts';
import { describeOneProcess } from '../../../test/conformance/one-process-suite.ts';
import { openTestStores } from '../../../test/embedded/test-stores.ts';

describe('the embedded engine', () => {
  describePorts(openTestStores);
  describeOneProcess(openTestStores);
});
