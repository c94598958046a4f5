import { describe } from '@jest/globals';
import { testEngine } from '../../../test/aws/test-engine.ts';
import { describePorts } from '../../../test/conformance/describe-ports.ts';
import { noon } from '../../../test/conformance/samples.ts';

describe('the aws engine', () =>
  describePorts(async () => {
    const made = await testEngine();
    made.now = noon;
    return { ports: made.engine, close: async () => {} };
  }));
