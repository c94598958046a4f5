import { Construct } from 'constructs';
import type { ConnectorBinding, MappingBinding } from '../connector-binding.ts';
import type { Permission } from '../functions/permissions.ts';
import type { SqsSettings } from './sqs/sqs-settings.ts';

/** SQS in the stack: reads the queues that the settings name through event source mappings, and sends to them. */
export function bind(system: Construct, { sqsQueueArns, sqsQueues }: SqsSettings): ConnectorBinding {
  const arns = [...sqsQueueArns, ...sqsQueues.map(({ queueArn }) => queueArn)];
  if (arns.length === 0) return {};
  const keys = sqsQueues.flatMap(({ encryptionMasterKey: key }) => key?.keyArn ?? []);
  return {
    permissions: {
      send: [onQueues(arns, 'SendMessage'), ...useKeys(keys, 'Decrypt', 'GenerateDataKey')],
      probe: [onQueues(arns, 'GetQueueAttributes')],
      // What Lambda does with the taker's role (Lambda developer guide, "Configuring execution role permissions" for
      // SQS).
      'take-mapped': [
        onQueues(arns, 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'),
        ...useKeys(keys, 'Decrypt'),
      ],
    },
    mappings: new QueueReading(system, 'QueueTrigger'),
  };
}

/**
 * Leads from a queue to its runs: the functions that manage connectors create an event source mapping for each queue.
 */
class QueueReading extends Construct implements MappingBinding {
  readonly type = 'sqs';
  readonly scope = this;
}

function onQueues(resources: readonly string[], ...actions: readonly string[]): Permission {
  return { actions: actions.map((action) => `sqs:${action}`), resources };
}

/** For queues that are encrypted with customer-managed keys. */
function useKeys(resources: readonly string[], ...actions: readonly string[]): Permission[] {
  return resources.length === 0 ? [] : [{ actions: actions.map((action) => `kms:${action}`), resources }];
}
