import { CfnOutput } from 'aws-cdk-lib';
import {
  CfnBasePathMapping,
  DomainName,
  EndpointType,
  type RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import type { OwnDomain } from '../own-domain.ts';

/** Makes the API also answer at a custom domain, without the stage in the path, over TLS 1.2 or newer. */
export function answerAtOwnDomain(scope: Construct, api: RestApi, { name, certificateArn }: OwnDomain): void {
  const domain = new DomainName(scope, 'Domain', {
    domainName: name,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  new CfnBasePathMapping(scope, 'AtItsRoot', {
    domainName: domain.domainName,
    restApiId: api.restApiId,
    stage: api.deploymentStage.stageName,
  });
  new CfnOutput(scope, 'DnsTarget', {
    description: `The target of the name ${name}, for a CNAME or alias record.`,
    value: domain.domainNameAliasDomainName,
  });
}
