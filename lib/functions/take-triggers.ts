import type { KafkaTrigger } from '../connectors/kafka.ts';
import { limits } from '../limits.ts';
import { agentHost } from './agent-host.ts';
import { type FunctionSpec, type FunctionsProps, memoryMb } from './function-spec.ts';
import { onPayloads, onTable, readSecrets, sendTo } from './permissions.ts';

export function inboundWebhooks({ store, runs, project, settings }: FunctionsProps): FunctionSpec {
  return {
    entry: 'webhook',
    description: 'Takes the triggers of inbound webhooks.',
    timeoutSeconds: limits.inboundSeconds,
    memoryMb: memoryMb.hotPath,
    reservedConcurrency: settings.webhookReservedConcurrency,
    folders: project.agents,
    permissions: [
      onTable(store, 'GetItem', 'PutItem'),
      onPayloads(store, 'PutObject'),
      sendTo(runs.queue),
      readSecrets(store.sealingKey.secretArn),
    ],
  };
}

export function syncWebhooks(props: FunctionsProps): FunctionSpec {
  const host = agentHost(props);
  return {
    ...host,
    entry: 'webhook-sync',
    reservedConcurrency: props.settings.syncReservedConcurrency,
    description: 'Takes the triggers of sync webhooks, executes their runs and answers with the results.',
    permissions: [...host.permissions, readSecrets(props.store.sealingKey.secretArn)],
  };
}

export function ticks({ store, runs, project, schedules }: FunctionsProps): FunctionSpec {
  return {
    entry: 'cron',
    description: 'Fires the ticks of schedules.',
    timeoutSeconds: limits.tickSeconds,
    memoryMb: memoryMb.short,
    folders: project.agents,
    environment: { TICK_QUEUE_URL: schedules.ticks.queue.queueUrl },
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'Query'),
      onPayloads(store, 'PutObject'),
      sendTo(runs.queue),
    ],
  };
}

/** @param topics what the deployment reads */
export function messages({ store, runs, project }: FunctionsProps, topics: KafkaTrigger): FunctionSpec {
  return {
    entry: 'kafka',
    description: 'Takes the messages of Kafka topics.',
    timeoutSeconds: limits.kafkaSeconds,
    memoryMb: memoryMb.background,
    folders: project.agents,
    permissions: [
      onTable(store, 'GetItem', 'PutItem'),
      onPayloads(store, 'PutObject'),
      sendTo(runs.queue),
      ...topics.readerPermissions,
    ],
  };
}
