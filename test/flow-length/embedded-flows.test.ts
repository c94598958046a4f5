import { beforeAll, describe, expect, test } from '@jest/globals';
import { embeddedFlows } from './embedded-flows.ts';
import type { FlowFiles } from './flow-files.ts';

/**
 * What a reader opens to follow an event; `node test/flow-length/print-flows.ts` lists the files. A new one needs a
 * reason. It lists 86 and 53; on a busy machine, other work runs in every measurement.
 */
const mostFiles = { delivered: 92, created: 60 };

describe('on the embedded engine', () => {
  let flows: FlowFiles;
  beforeAll(async () => {
    flows = await embeddedFlows();
  });

  test(`a webhook passes at most ${mostFiles.delivered} files until its result is delivered`, () => {
    expect(flows.delivered).toContain('src/core/triggers/receive-trigger.ts');
    expect(flows.delivered).toContain('src/engines/embedded/writes/dispatch-runs.ts');
    expect(flows.delivered).toContain('src/agents/run/run-agent.ts');
    expect(flows.delivered).toContain('src/core/deliveries/deliver.ts');
    expect(flows.delivered.length).toBeLessThanOrEqual(mostFiles.delivered);
  });

  test(`a new connector passes at most ${mostFiles.created} files until it is stored`, () => {
    expect(flows.created).toContain('src/core/connectors/create-connector.ts');
    expect(flows.created).toContain('src/engines/embedded/writes/connector-writes.ts');
    expect(flows.created.length).toBeLessThanOrEqual(mostFiles.created);
  });
});
