import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/** The CDK's function that empties buckets; a stack has one. */
const cleanerId = 'Custom::S3AutoDeleteObjectsCustomResourceProvider';

/**
 * Gives the function that empties buckets a log group that is deleted with the stack. Otherwise Lambda creates a group
 * at the first call, which no stack owns and which remains.
 *
 * @param bucket one that is emptied when it is deleted
 */
export function keepCleanerLog(bucket: IConstruct, retention: RetentionDays): void {
  const cleaner = Stack.of(bucket).node.tryFindChild(cleanerId);
  const handler = cleaner?.node.tryFindChild('Handler');
  if (cleaner === undefined || !(handler instanceof CfnResource)) {
    throw new Error('The CDK has no function under the name that empties buckets.');
  }
  // A stack with two of these systems has one such function.
  if (cleaner.node.tryFindChild('Log') !== undefined) return;
  const log = new LogGroup(cleaner, 'Log', { retention, removalPolicy: RemovalPolicy.DESTROY });
  handler.addPropertyOverride('LoggingConfig', { LogGroup: log.logGroupName });
}
