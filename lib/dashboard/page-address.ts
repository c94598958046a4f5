import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type DistributionProps, SecurityPolicyProtocol } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** A name of the operators' own for the page. */
export interface OwnDomain {
  readonly name: string;
  /** ARN of its certificate, in us-east-1: CloudFront takes no other. */
  readonly certificateArn: string;
}

/**
 * How browsers reach the page. With a domain of its own, by TLS 1.2 or newer; CloudFront lets nobody choose that for the
 * names that it gives itself.
 */
export function pageAddress(scope: Construct, domain: OwnDomain | undefined): Partial<DistributionProps> {
  if (domain === undefined) return {};
  return {
    domainNames: [domain.name],
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn),
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
  };
}
