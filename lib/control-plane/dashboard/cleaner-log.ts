import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/** The CDK's own function that empties buckets, of which a stack has one. */
const cleanerId = 'Custom::S3AutoDeleteObjectsCustomResourceProvider';

/**
 * Gives the function that empties buckets a log group that goes with the stack. Without one, Lambda makes a group at the
 * first call, which belongs to nobody and stays.
 *
 * @param bucket one that is emptied when it goes
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
