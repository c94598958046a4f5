import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConnectorBinding } from '../connector-binding.ts';
import type { Permission } from '../functions/permissions.ts';
import type { S3Settings } from './s3/s3-settings.ts';

/** S3 in the stack: reads the objects that events refer to, from the buckets that the settings name. */
export function bind(system: Construct, { s3Buckets: buckets }: S3Settings): ConnectorBinding {
  if (buckets.length === 0) return {};
  const arnOf = (bucket: string) =>
    Stack.of(system).formatArn({ service: 's3', region: '', account: '', resource: bucket });
  const objects = buckets.map((bucket) => `${arnOf(bucket)}/*`);
  const reading: Permission[] = [
    { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: objects },
    // Without it, S3 answers "access denied" instead of "not found" for a deleted object.
    { actions: ['s3:ListBucket'], resources: buckets.map(arnOf) },
  ];
  return {
    permissions: { receive: reading, probe: reading },
    nagSuppressions: objects.map((arn) => ({
      arn,
      reason: 'All objects of a bucket that the settings name.',
    })),
  };
}
