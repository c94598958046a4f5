import { permissionsFor } from '../connector-binding.ts';
import { polledTypes } from '../connectors/index.ts';
import { wayFunctions } from '../construct-ids.ts';
import { limits } from '../limits.ts';
import { pollPermissions } from '../ways/poll.ts';
import type { RuleWay } from '../ways/rule.ts';
import type { SocketWay } from '../ways/socket.ts';
import { agentHost } from './agent-host.ts';
import { type FunctionSpec, type FunctionsProps, memoryMb } from './function-spec.ts';
import { onPayloads, onTable, readSecrets, sendTo } from './permissions.ts';

export function inboundRequests({ store, runs, project, settings, bindings }: FunctionsProps): FunctionSpec {
  return {
    entry: wayFunctions.request.entry,
    description: 'Takes the triggers of inbound webhooks.',
    timeoutSeconds: limits.inboundSeconds,
    memoryMb: memoryMb.hotPath,
    reservedConcurrency: settings.webhookReservedConcurrency,
    folders: project.agents,
    permissions: [
      // Query and GetObject read the results of earlier runs, which some callers request.
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'Query'),
      onPayloads(store, 'GetObject', 'PutObject'),
      sendTo(runs.queue),
      readSecrets(store.sealingKey.secretArn),
      ...permissionsFor(bindings, 'receive'),
    ],
  };
}

export function syncRequests(props: FunctionsProps): FunctionSpec {
  const host = agentHost(props);
  return {
    ...host,
    entry: wayFunctions.requestSync.entry,
    reservedConcurrency: props.settings.syncReservedConcurrency,
    description: 'Takes the triggers of sync webhooks, executes their runs and answers with the results.',
    permissions: [
      ...host.permissions,
      // A run that waited in a hold or for a place leaves its line.
      onTable(props.store, 'DeleteItem'),
      readSecrets(props.store.sealingKey.secretArn),
    ],
  };
}

export function ticks(props: FunctionsProps): FunctionSpec {
  const { store, runs, project, schedules } = props;
  return {
    entry: wayFunctions.schedule.entry,
    description: 'Fires the ticks of schedules, and polls the sources of connectors.',
    timeoutSeconds: limits.tickSeconds,
    // Polls keep the source's data in memory: a mail of 25 MB takes 400 MB.
    memoryMb: polledTypes.length > 0 ? memoryMb.background : memoryMb.short,
    folders: project.agents,
    environment: { TICK_QUEUE_URL: schedules.ticks.queue.queueUrl },
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'Query'),
      onPayloads(store, 'PutObject'),
      sendTo(runs.queue),
      ...pollPermissions(props, polledTypes),
    ],
  };
}

/**
 * Whether what an event refers to may be kept in memory: an object of 100 MB, also as text. Connectors with credentials
 * of their own read it without a permission of the function.
 */
export function mayReadObjects(bindings: FunctionsProps['bindings'], rules: RuleWay): boolean {
  return rules.hasDefaultBus || permissionsFor(bindings, 'receive').length > 0;
}

/** @param rules whose events the function takes */
export function ruleEvents({ store, runs, project, bindings }: FunctionsProps, rules: RuleWay): FunctionSpec {
  const { queueUrl, queueArn } = rules.events.queue;
  const reading = permissionsFor(bindings, 'receive');
  return {
    entry: wayFunctions.rule.entry,
    description: 'Takes the events that rules of event buses send.',
    timeoutSeconds: limits.ruleEventSeconds,
    memoryMb: mayReadObjects(bindings, rules) ? memoryMb.hotPath : memoryMb.short,
    folders: project.agents,
    environment: { EVENT_QUEUE_URL: queueUrl, EVENT_QUEUE_ARN: queueArn },
    permissions: [
      // Query finds those who subscribe to dead letters.
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'Query'),
      onPayloads(store, 'PutObject'),
      sendTo(runs.queue),
      // Some connectors read what an event refers to with their own credentials.
      readSecrets(store.sealingKey.secretArn),
      ...reading,
    ],
  };
}

/** @param sockets whose handshakes and messages the function takes */
export function socketEvents({ store, project }: FunctionsProps, { messages }: SocketWay): FunctionSpec {
  return {
    entry: wayFunctions.socket.entry,
    description: 'Opens and closes WebSocket connections, and queues their messages.',
    timeoutSeconds: limits.inboundSeconds,
    memoryMb: memoryMb.hotPath,
    folders: project.agents,
    environment: { SOCKET_QUEUE_URL: messages.queueUrl },
    permissions: [onTable(store, 'BatchGetItem', 'PutItem', 'DeleteItem'), sendTo(messages)],
  };
}

/** @param sockets whose messages the function answers */
export function socketMessages(props: FunctionsProps, sockets: SocketWay): FunctionSpec {
  const host = agentHost(props);
  return {
    ...host,
    entry: wayFunctions.socketMessages.entry,
    description: 'Executes the runs of messages of WebSocket connections, and sends the answers.',
    environment: { ...host.environment, ...sockets.senderVariables },
    permissions: [
      ...host.permissions,
      onTable(props.store, 'DeleteItem'),
      readSecrets(props.store.sealingKey.secretArn),
      sockets.senderPermission,
    ],
  };
}

export function mappedEvents({ store, runs, project, bindings }: FunctionsProps): FunctionSpec {
  return {
    entry: wayFunctions.mapping.entry,
    description: 'Takes the events of event source mappings.',
    timeoutSeconds: limits.mappingSeconds,
    memoryMb: memoryMb.background,
    folders: project.agents,
    permissions: [
      // Query finds those who subscribe to dead letters.
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'Query'),
      onPayloads(store, 'PutObject'),
      sendTo(runs.queue),
      ...permissionsFor(bindings, 'take-mapped'),
    ],
  };
}
