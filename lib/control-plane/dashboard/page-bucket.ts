import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Holds the page's files. It contains no user data, so it is always deleted with the stack. */
export class PageBucket extends Bucket {
  /**
   * CloudFront serves the page. With an explicit type, a bucket is assignable to `IBucket` under the strictest type
   * checks.
   */
  override get isWebsite(): boolean {
    return false;
  }

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
  }
}
