import { limits } from '../limits.ts';
import { onPayloads, onTable, sendTo } from '../permissions.ts';
import { agentPermissions } from './agent-permissions.ts';
import { type DescribedFunction, type FunctionsProps, memoryMb } from './described-function.ts';

export function runner(props: FunctionsProps): DescribedFunction {
  const { store, runs, project } = props;
  return {
    entry: 'runner',
    description: 'Executes queued runs.',
    timeoutSeconds: limits.functionSeconds,
    memoryMb: memoryMb.agents,
    folders: project.agentsWithCode,
    reachesOut: true,
    permissions: [
      onTable(store, 'GetItem', 'PutItem', 'UpdateItem'),
      onPayloads(store, 'GetObject', 'PutObject'),
      sendTo(runs.queue),
      ...agentPermissions(props),
    ],
  };
}
