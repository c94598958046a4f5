import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, type ISource } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { logicalId } from '../../logical-id.ts';
import { suppressUploadFindings } from './upload-suppressions.ts';

/** Below it, names carry a digest of their content: these files never change. */
const immutableFiles = 'assets/*';

/** What is put into the bucket with each deployment. */
export interface UploadedPage {
  readonly files: ISource;
  readonly settings: ISource;
  readonly logRetention: RetentionDays;
}

/**
 * Puts the page into its bucket, and says how long browsers and CloudFront may keep each file. Files of earlier
 * deployments stay, because a page that is open may still load them.
 */
export function uploadPage(scope: Construct, bucket: IBucket, page: UploadedPage): void {
  const { files, settings, logRetention: retention } = page;
  // Nothing in it is anybody's data: it goes with the stack.
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
  // The document names the others: it comes when they are there.
  changing.node.addDependency(immutable);
  suppressUploadFindings(changing, logicalId(bucket));
}
