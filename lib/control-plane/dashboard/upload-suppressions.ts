import { Validations } from 'aws-cdk-lib';
import type { BucketDeployment } from 'aws-cdk-lib/aws-s3-deployment';

const reason =
  "The CDK's own function for uploads, with the role that the CDK gives it; it runs at deployments only.";

const grantedByCdk = [
  'Action::s3:Abort*',
  'Action::s3:DeleteObject*',
  'Action::s3:GetBucket*',
  'Action::s3:GetObject*',
  'Action::s3:List*',
  'Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*',
];

/** Suppresses cdk-nag's findings about the CDK's upload function, which is at the top level of the stack. */
export function suppressUploadFindings({ handlerRole }: BucketDeployment, bucketId: string): void {
  const { scope: handler } = handlerRole.node;
  if (handler === undefined) return;
  Validations.of(handler).acknowledge(
    { id: 'AwsSolutions-L1', reason },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason,
    },
    ...[...grantedByCdk, `Resource::<${bucketId}.Arn>/*`].map((finding) => ({
      id: `AwsSolutions-IAM5[${finding}]`,
      reason,
    })),
  );
}
