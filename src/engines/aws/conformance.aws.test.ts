import { describe } from '@jest/globals';
import { testEngine } from '../../../test/aws/test-engine.ts';
import { describePorts } from '../conformance/describe-ports.ts';
import { noon } from '../conformance/samples.ts';

describe('the aws engine', () =>
  describePorts(async () => {
    const made = await testEngine();
    made.now = noon;
    return { ports: made.engine, close: async () => {} };
  }));
