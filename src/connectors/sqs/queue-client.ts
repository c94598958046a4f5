import { SQSClient } from '@aws-sdk/client-sqs';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { type AwsTimeouts, awsClientOptions } from '../../net/aws-client-options.ts';
import type { QueueAccess } from './queue-config.ts';

/**
 * A client for a queue's service, not yet connected.
 *
 * @throws BlockedTarget where the configuration names a server that is not allowed
 */
export function queueClient(
  { service }: QueueAccess,
  allowed: PrivateTargets,
  timeouts?: AwsTimeouts,
): SQSClient {
  return new SQSClient({ ...awsClientOptions(service, allowed, timeouts), useQueueUrlAsEndpoint: false });
}
