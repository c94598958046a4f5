import { ListBucketsCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import type { Ministack } from './ministack.ts';

/**
 * The exception `bucket-tags`: the emulator's CloudFormation leaves the tags of a bucket away. Without this one the CDK's own
 * custom resource does not dare to empty the bucket, so it is set as CloudFormation would have.
 */
export async function tagBuckets({ endpoint }: Pick<Ministack, 'endpoint'>): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const TagSet = [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }];
  for (const { Name: Bucket } of Buckets) {
    if (Bucket?.startsWith('cdk-') === false) {
      await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    }
  }
}
