import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { agentHost } from './agent-host.ts';
import type { FunctionSpec, FunctionsProps } from './function-spec.ts';
import { onTable } from './permissions.ts';

export function runner(props: FunctionsProps): FunctionSpec {
  const host = agentHost(props);
  return {
    ...host,
    entry: 'runner',
    description: 'Executes queued runs.',
    // A run that starts leaves the queue for a slot of its agent's concurrency limit.
    permissions: [...host.permissions, onTable(props.store, 'DeleteItem')],
    // When a run ends, it announces the next one that waits for its slot: a chain as long as the line, not a loop.
    recursiveLoop: RecursiveLoop.ALLOW,
  };
}
