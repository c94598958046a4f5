import { beforeAll, describe, expect, test } from '@jest/globals';
import { awsFlows } from './aws-flows.ts';
import type { FlowFiles } from './flow-files.ts';

/** As on the embedded engine: what a reader opens to follow an event. A new file needs a reason. */
const mostFiles = { delivered: 92, created: 52 };

describe('on AWS', () => {
  let flows: FlowFiles;
  beforeAll(async () => {
    flows = await awsFlows();
  });

  test(`a webhook passes at most ${mostFiles.delivered} files until its result is delivered`, () => {
    expect(flows.delivered).toContain('lambdas/webhook.ts');
    expect(flows.delivered).toContain('src/engines/aws/runs/dispatch-runs.ts');
    expect(flows.delivered).toContain('src/agents/run/run-agent.ts');
    expect(flows.delivered).toContain('src/core/deliveries/deliver.ts');
    expect(flows.delivered.length).toBeLessThanOrEqual(mostFiles.delivered);
  });

  test(`a new connector passes at most ${mostFiles.created} files until it is stored`, () => {
    expect(flows.created).toContain('src/core/connectors/create-connector.ts');
    expect(flows.created).toContain('src/engines/aws/connectors/connector-store.ts');
    expect(flows.created.length).toBeLessThanOrEqual(mostFiles.created);
  });
});
