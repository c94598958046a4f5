import { Stack } from 'aws-cdk-lib';
import { limits } from '../limits.ts';
import type { FunctionSpec, FunctionsProps } from './function-spec.ts';
import {
  onPayloads,
  onTable,
  type Permission,
  readOthersSecrets,
  sendTo,
  useBedrock,
} from './permissions.ts';

type AgentHost = Omit<FunctionSpec, 'entry' | 'description'>;

/**
 * What functions that execute agents have in common: timeout, memory, the agents' code, and everything that runs need.
 */
export function agentHost(props: FunctionsProps): AgentHost {
  const { store, runs, deliveries, project, settings } = props;
  return {
    timeoutSeconds: limits.functionSeconds,
    memoryMb: settings.agentMemoryMb,
    folders: project.agentsWithCode,
    reachesOut: true,
    environment: {
      ...settings.agentEnvironment,
      ...(settings.traceContent ? {} : { TRACE_CONTENT: 'off' }),
    },
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'Query'),
      onPayloads(store, 'GetObject', 'PutObject'),
      // Agents send to outbound connectors by choice.
      sendTo(runs.queue, deliveries.queue),
      ...agentPermissions(props),
    ],
  };
}

/** What these functions may do for the agents. */
function agentPermissions({ settings, project, store }: FunctionsProps): readonly Permission[] {
  const { providerKeysSecretArn, agentSecretArn } = settings;
  const secrets = [providerKeysSecretArn, agentSecretArn].flatMap((arn) => arn ?? []);
  return [
    ...readOthersSecrets(Stack.of(store), secrets),
    ...(project.modelProviders.includes('bedrock') ? [useBedrock(Stack.of(store))] : []),
  ];
}
