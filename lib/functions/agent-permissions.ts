import { Stack } from 'aws-cdk-lib';
import { type Permission, readOthersSecrets, useBedrock } from '../permissions.ts';
import type { FunctionsProps } from './described-function.ts';

/** What functions that execute agents may do for them. */
export function agentPermissions({ settings, project, store }: FunctionsProps): readonly Permission[] {
  const keys = settings.providerKeysSecretArn;
  return [
    ...readOthersSecrets(Stack.of(store), keys === undefined ? [] : [keys]),
    ...(project.modelProviders.includes('bedrock') ? [useBedrock(Stack.of(store))] : []),
  ];
}
