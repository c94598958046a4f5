import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, type ISource } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { logicalId } from '../../logical-id.ts';
import { suppressUploadFindings } from './upload-suppressions.ts';

/** Names below this folder contain a content hash, so the files never change. */
const immutableFiles = 'assets/*';

/** What each deployment uploads to the bucket. */
export interface UploadedPage {
  readonly files: ISource;
  readonly settings: ISource;
  readonly logRetention: RetentionDays;
}

/**
 * Uploads the page to its bucket and sets how long browsers and CloudFront may cache each file. Files of earlier
 * deployments stay, because a page that is still open may load them.
 */
export function uploadPage(scope: Construct, bucket: IBucket, page: UploadedPage): void {
  const { files, settings, logRetention: retention } = page;
  // The log contains no user data, so it is deleted with the stack.
  const logGroup = new LogGroup(scope, 'UploadLog', { retention, removalPolicy: RemovalPolicy.DESTROY });
  const upload = { destinationBucket: bucket, prune: false, memoryLimit: 512, logGroup };
  const immutable = new BucketDeployment(scope, 'ImmutableFiles', {
    ...upload,
    sources: [files],
    exclude: ['*'],
    include: [immutableFiles],
    cacheControl: [
      CacheControl.setPublic(),
      CacheControl.maxAge(Duration.days(365)),
      CacheControl.immutable(),
    ],
  });
  const changing = new BucketDeployment(scope, 'ChangingFiles', {
    ...upload,
    sources: [files, settings],
    exclude: [immutableFiles],
    cacheControl: [CacheControl.noCache()],
  });
  // The document refers to the other files, so it is uploaded after them.
  changing.node.addDependency(immutable);
  suppressUploadFindings(changing, logicalId(bucket));
}
