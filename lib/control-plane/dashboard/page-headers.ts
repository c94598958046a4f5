import { Duration } from 'aws-cdk-lib';
import {
  HeadersReferrerPolicy,
  type ResponseHeadersPolicyProps,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import { dashboardHeaders } from '../../../src/server/dashboard-headers.ts';

/**
 * The headers that the embedded server sends with the page, in CloudFront's form, which has dedicated fields for some,
 * plus `Strict-Transport-Security`.
 *
 * @param signInOrigin where the page signs operators in
 */
export function pageHeaders(signInOrigin: string): ResponseHeadersPolicyProps {
  const {
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': _noReferrer,
    'x-content-type-options': _noSniff,
    ...others
  } = dashboardHeaders(signInOrigin);
  const override = true;
  const securityHeadersBehavior: ResponseSecurityHeadersBehavior = {
    contentSecurityPolicy: { contentSecurityPolicy, override },
    contentTypeOptions: { override },
    referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
    strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override },
  };
  const customHeaders = Object.entries(others).map(([header, value]) => ({ header, value, override }));
  return { securityHeadersBehavior, customHeadersBehavior: { customHeaders } };
}
