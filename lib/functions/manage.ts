import { limits } from '../limits.ts';
import { onPayloads, onTable, readSecrets, sendTo } from '../permissions.ts';
import { type DescribedFunction, type FunctionsProps, memoryMb } from './described-function.ts';

export function managementApi(props: FunctionsProps): DescribedFunction {
  const { store, runs, deliveries, schedules, operators, project } = props;
  return {
    entry: 'api',
    description: 'The management API.',
    timeoutSeconds: limits.functionSeconds,
    memoryMb: memoryMb.hotPath,
    folders: project.agents,
    environment: {
      FIRST_TOKEN_SECRET_ID: operators.firstToken.secretArn,
      USER_POOL_ID: operators.userPool.userPoolId,
      USER_POOL_CLIENT_ID: operators.client.userPoolClientId,
      ...schedules.variables,
    },
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
      onPayloads(store, 'GetObject', 'PutObject'),
      sendTo(runs.queue, deliveries.queue),
      readSecrets(store.sealingKey.secretArn, operators.firstToken.secretArn),
      ...schedules.permissions,
    ],
  };
}
