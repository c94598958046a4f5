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
    // A run that gets its turn leaves the line for a place of its agent's concurrency limit.
    permissions: [...host.permissions, onTable(props.store, 'DeleteItem')],
    // The end of a run announces the next one that has waited for its place: a chain as long as the line, and no loop.
    recursiveLoop: RecursiveLoop.ALLOW,
  };
}
