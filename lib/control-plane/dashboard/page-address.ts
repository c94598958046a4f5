import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type DistributionProps, SecurityPolicyProtocol } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import type { OwnDomain } from '../own-domain.ts';

/**
 * How browsers reach the page. A custom domain requires TLS 1.2 or newer; CloudFront does not let us choose the version
 * for its own domain names.
 */
export function pageAddress(scope: Construct, domain: OwnDomain | undefined): Partial<DistributionProps> {
  if (domain === undefined) return {};
  return {
    domainNames: [domain.name],
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn),
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
  };
}
