import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import * as z from 'zod';

/** A resource that cdk-nag reports for a wildcard in its name. */
export interface Wildcard {
  readonly arn: string;
  readonly reason: string;
}

/** Accepted findings of cdk-nag's AwsSolutions pack, each with its reason. */
const nagSuppressions: readonly { readonly id: string; readonly reason: string }[] = [
  {
    id: 'AwsSolutions-APIG2',
    reason: 'Functions validate every request themselves and answer in the shape that the product documents.',
  },
  {
    id: 'AwsSolutions-APIG3',
    reason:
      'A web ACL costs money while idle; the setting wafRateLimit creates one, or operators attach their own to the stage.',
  },
  {
    id: 'AwsSolutions-APIG4',
    reason:
      'Connectors authenticate their callers (secret or signature), the management API its operators (token).',
  },
  {
    id: 'AwsSolutions-APIG6',
    reason: 'Execution logs contain headers and bodies, and so secrets. Access logs are on.',
  },
  {
    id: 'AwsSolutions-CFR1',
    reason: 'Operators may be anywhere.',
  },
  {
    id: 'AwsSolutions-CFR2',
    reason: 'A web ACL costs money while idle; docs/deploying.md shows how to attach one to the page.',
  },
  {
    id: 'AwsSolutions-CFR3',
    reason:
      "The page is the same for everybody; who does what is in the API's access log and in the audit log.",
  },
  {
    id: 'AwsSolutions-CFR4',
    reason: 'CloudFront chooses the protocols of its default domain; `dashboardDomain` requires TLS 1.2.',
  },
  {
    id: 'AwsSolutions-COG2',
    reason: 'A second factor is offered; operators can require it for their pool.',
  },
  {
    id: 'AwsSolutions-COG3',
    reason: 'Threat protection is billed by user; passwords are long and there is no self sign-up.',
  },
  {
    id: 'AwsSolutions-COG4',
    reason: 'The functions check access tokens themselves, because they also accept other tokens.',
  },
  {
    id: 'AwsSolutions-COG8',
    reason: 'The plus plan is billed by user; passwords are long and there is no self sign-up.',
  },
  {
    id: 'AwsSolutions-L1',
    reason: 'Node.js 24 is the newest runtime; other functions belong to custom resources of the CDK.',
  },
  {
    id: 'AwsSolutions-S1',
    reason:
      'Only functions read payloads, and a log would double the writes; only CloudFront reads the page.',
  },
  {
    id: 'AwsSolutions-SMG4',
    reason:
      'The sealing key is rotated by hand, with the old one kept for what it sealed; the first token is for first steps.',
  },
  {
    id: 'AwsSolutions-SQS3',
    reason:
      'The queues without a dead-letter queue are dead-letter queues themselves, or hold messages of connections that have ended by then.',
  },
];

/**
 * Records accepted findings for users who check the stack with cdk-nag.
 *
 * @param wildcards resources whose full names functions do not know
 */
export function suppressFindings(scope: IConstruct, wildcards: readonly Wildcard[]): void {
  const wildcard = (resource: string, reason: string) => ({
    id: `AwsSolutions-IAM5[Resource::${resource}]`,
    reason,
  });
  Validations.of(scope).acknowledge(
    ...nagSuppressions,
    ...['kms:GenerateDataKey*', 'kms:ReEncrypt*'].map((action) => ({
      id: `AwsSolutions-IAM5[Action::${action}]`,
      reason: 'The CDK grants this to senders to an encrypted queue, for this one key.',
    })),
    wildcard(
      '*',
      "Listing, networks, mappings that are not made yet and keys of others' secrets know no single resource.",
    ),
    ...wildcards.map(({ arn, reason }) => wildcard(flatText(Stack.of(scope).resolve(arn)), reason)),
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'What AWS itself prescribes for the access log of API Gateway.',
    },
  );
}

/** A text of the template as cdk-nag prints it: deploy-time values are in angle brackets. */
function flatText(text: unknown): string {
  const joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).safeParse(text);
  if (joined.success) {
    const [separator, parts] = joined.data['Fn::Join'];
    return parts.map(flatText).join(separator);
  }
  const reference = z.object({ Ref: z.string() }).safeParse(text);
  if (reference.success) return `<${reference.data.Ref}>`;
  const attribute = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).safeParse(text);
  if (attribute.success) return `<${attribute.data['Fn::GetAtt'].join('.')}>`;
  return typeof text === 'string' ? text : JSON.stringify(text);
}
