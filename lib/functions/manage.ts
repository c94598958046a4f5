import { permissionsFor } from '../connector-binding.ts';
import type { Operators } from '../control-plane/operators.ts';
import { limits } from '../limits.ts';
import { mappingRemover } from '../ways/mapping.ts';
import type { RuleWay } from '../ways/rule.ts';
import { type FunctionSpec, type FunctionsProps, memoryMb } from './function-spec.ts';
import { mappingVariables, type SourceManager } from './manage-sources.ts';
import { namedSecretArns, namedSecretVariables } from './named-secrets.ts';
import type { NodeFunction } from './node-function.ts';
import { onPayloads, onTable, readSecrets, sendTo } from './permissions.ts';

export function managementApi(props: FunctionsProps, sources: SourceManager): FunctionSpec {
  const { store, runs, deliveries, sockets, operators, project, settings, bindings } = props;
  return {
    entry: 'api',
    description: 'The management API.',
    timeoutSeconds: limits.functionSeconds,
    memoryMb: memoryMb.hotPath,
    reservedConcurrency: settings.apiReservedConcurrency,
    folders: project.agents,
    environment: {
      ...callerVariables(operators),
      ...sources.variables,
      AGENT_VARIABLE_NAMES: Object.keys(settings.agentEnvironment).join(','),
      ...namedSecretVariables(settings),
      ...(sockets === undefined
        ? {}
        : { SOCKET_URL: sockets.url, SOCKET_QUEUE_URL: sockets.messages.queueUrl }),
    },
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
      onPayloads(store, 'GetObject', 'PutObject'),
      // Messages of connections come from the dead letters.
      sendTo(runs.queue, deliveries.queue, ...(sockets === undefined ? [] : [sockets.messages])),
      readSecrets(store.sealingKey.secretArn, operators.firstToken.secretArn, ...namedSecretArns(settings)),
      // For testing a connection or a target.
      ...permissionsFor(bindings, 'send'),
      ...permissionsFor(bindings, 'probe'),
      ...sources.permissions,
    ],
  };
}

/** Every open dashboard polls this function, so it is small and answers quickly. */
export function events({ store, operators }: FunctionsProps): FunctionSpec {
  return {
    entry: 'events',
    description: 'Tells dashboards what changed since they asked last.',
    timeoutSeconds: limits.eventsSeconds,
    memoryMb: memoryMb.short,
    environment: callerVariables(operators),
    permissions: [
      // Updates record the last use of an API key.
      onTable(store, 'GetItem', 'BatchGetItem', 'Query', 'UpdateItem'),
      readSecrets(operators.firstToken.secretArn),
    ],
  };
}

/** How functions of the management API identify their callers. */
function callerVariables({ firstToken, userPool, client }: Operators): Readonly<Record<string, string>> {
  return {
    FIRST_TOKEN_SECRET_ID: firstToken.secretArn,
    USER_POOL_ID: userPool.userPoolId,
    USER_POOL_CLIENT_ID: client.userPoolClientId,
  };
}

/** @param rules to remove */
export function removeRules(rules: RuleWay): FunctionSpec {
  return {
    entry: 'remove-rules',
    description: 'Removes the rules of connectors when the stack goes.',
    timeoutSeconds: limits.functionSeconds,
    memoryMb: memoryMb.short,
    environment: rules.variables,
    permissions: rules.removerPermissions,
  };
}

/** @param taker whose mappings to remove */
export function removeSources({ store, bindings }: FunctionsProps, taker: NodeFunction): FunctionSpec {
  return {
    entry: 'remove-sources',
    description: 'Removes the event sources of connectors when the stack goes.',
    timeoutSeconds: limits.functionSeconds,
    memoryMb: memoryMb.background,
    environment: mappingVariables(bindings, taker),
    permissions: [
      onTable(store, 'UpdateItem'),
      ...mappingRemover(taker),
      ...permissionsFor(bindings, 'remove-sources'),
    ],
  };
}
