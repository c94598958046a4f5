import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { DistributionProps } from 'aws-cdk-lib/aws-cloudfront';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface AccessLogsProps {
  readonly removalPolicy: RemovalPolicy;
  readonly retention: RetentionDays;
}

/** Holds CloudFront's access logs, for as long as other logs are kept. */
class AccessLogBucket extends Bucket {
  /** With an explicit type, a bucket is assignable to `IBucket` under the strictest type checks. */
  override get isWebsite(): boolean {
    return false;
  }

  constructor(scope: Construct, id: string, { removalPolicy, retention }: AccessLogsProps) {
    const expiration = retention === RetentionDays.INFINITE ? {} : { expiration: Duration.days(retention) };
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      enforceSSL: true,
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1), ...expiration }],
    });
  }
}

/**
 * Makes CloudFront log each request into a bucket. CloudFront writes with an access control list, and only to a bucket
 * encrypted with a key of S3 (CloudFront developer guide, "Standard logging (legacy)":
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html).
 */
export function accessLogs(scope: Construct, props: AccessLogsProps): Partial<DistributionProps> {
  return { enableLogging: true, logBucket: new AccessLogBucket(scope, 'AccessLogs', props) };
}
