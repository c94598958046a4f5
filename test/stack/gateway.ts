import { describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { parseSettings } from '../../lib/settings/settings.ts';
import { templateOf } from './synthesized.ts';

const template = templateOf();
const domain = {
  apiDomain: 'api.example.com',
  apiCertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1234',
};

/** Concurrent executions that are reserved, by the name of the function. */
function reserves(from: Template): Record<string, unknown> {
  const functions = from.findResources('AWS::Lambda::Function', {
    Properties: { ReservedConcurrentExecutions: Match.anyValue() },
  });
  const entries = Object.values(functions).map(({ Properties }) => [
    Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME,
    Properties.ReservedConcurrentExecutions,
  ]);
  return Object.fromEntries(entries);
}

describe('what callers share', () => {
  test('is nothing of their own unless asked for', () => {
    expect(reserves(template)).toEqual({});
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: Match.absent(),
    });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
  });

  test('is kept free for each kind of them', () => {
    const settings = {
      webhookReservedConcurrency: 40,
      syncReservedConcurrency: 30,
      apiReservedConcurrency: 5,
    };
    expect(reserves(templateOf(settings))).toEqual({ webhook: 40, 'webhook-sync': 30, api: 5 });
  });

  test('is bounded by the throttle of the stage, on every route', () => {
    templateOf({ throttleRate: 100, throttleBurst: 200 }).hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [
        Match.objectLike({
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 100,
          ThrottlingBurstLimit: 200,
        }),
      ],
    });
  });

  test('needs rate and burst together', () => {
    expect(() => parseSettings({ throttleRate: '100' })).toThrow(
      /throttleBurst: goes together with throttleRate\./,
    );
  });

  test('is limited for one address by a web ACL before the stage, for webhooks only', () => {
    const limited = templateOf({ wafRateLimit: 500 });
    limited.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      Rules: [
        Match.objectLike({
          Action: { Block: { CustomResponse: Match.objectLike({ ResponseCode: 429 }) } },
          Statement: {
            RateBasedStatement: Match.objectLike({
              AggregateKeyType: 'IP',
              Limit: 500,
              EvaluationWindowSec: 300,
              ScopeDownStatement: { ByteMatchStatement: Match.objectLike({ SearchString: '/webhooks/' }) },
            }),
          },
        }),
      ],
    });
    const [association] = Object.values(limited.findResources('AWS::WAFv2::WebACLAssociation'));
    expect(JSON.stringify(association)).toMatch(/\/restapis\/.*GatewayApi.*\/stages\/.*Stageprod/);
  });
});

describe('the role that API Gateway writes logs with', () => {
  test.each(['retain', 'destroy'] as const)(
    'stays when the stack goes (%s): all APIs of the account have this one',
    (removalPolicy) => {
      const kept = templateOf({ removalPolicy });
      kept.hasResource('AWS::ApiGateway::Account', {
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
      kept.hasResource('AWS::IAM::Role', {
        DeletionPolicy: 'Retain',
        Properties: {
          AssumeRolePolicyDocument: Match.objectLike({
            Statement: [Match.objectLike({ Principal: { Service: 'apigateway.amazonaws.com' } })],
          }),
        },
      });
    },
  );

  test('is left alone where the account has one', () => {
    const without = templateOf({ apiGatewayLogRole: false });
    without.resourceCountIs('AWS::ApiGateway::Account', 0);
    expect(JSON.stringify(without.toJSON())).not.toContain('apigateway.amazonaws.com"}');
    without.hasResourceProperties('AWS::ApiGateway::Stage', { AccessLogSetting: Match.anyValue() });
  });
});

describe('bodies', () => {
  test('come as their own bytes, whatever their type', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { BinaryMediaTypes: ['*/*'] });
  });

  test('of requests that the gateway answers itself are taken for text: it could make nothing of bytes', () => {
    const mocks = Object.values(
      template.findResources('AWS::ApiGateway::Method', { Properties: { Integration: { Type: 'MOCK' } } }),
    );
    expect(mocks.length).toBeGreaterThan(0);
    for (const { Properties } of mocks)
      expect(Properties.Integration.ContentHandling).toBe('CONVERT_TO_TEXT');
  });

  test('that are too large are refused in the words of API Gateway, which takes no others', () => {
    const types = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse')).map(
      ({ Properties }) => Properties.ResponseType,
    );
    expect(types).toContain('DEFAULT_4XX');
    expect(types).not.toContain('REQUEST_TOO_LARGE');
  });
});

describe('a domain of the API', () => {
  const named = templateOf(domain);

  test('leads to its stage, by TLS 1.2', () => {
    named.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: domain.apiDomain,
      RegionalCertificateArn: domain.apiCertificateArn,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'TLS_1_2',
    });
    named.hasResourceProperties('AWS::ApiGateway::BasePathMapping', {
      DomainName: { Ref: Match.stringLikeRegexp('GatewayDomain') },
      RestApiId: { Ref: Match.stringLikeRegexp('GatewayApi') },
      Stage: { Ref: Match.stringLikeRegexp('Stageprod') },
    });
  });

  test('stands in the URLs of connectors, and says where it has to point to', () => {
    named.hasOutput('ApiUrl', { Value: 'https://api.example.com' });
    named.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ BASE_URL: 'https://api.example.com' }) },
    });
    expect(Object.keys(named.findOutputs('*'))).toContainEqual(expect.stringContaining('GatewayDnsTarget'));
  });

  test('gives way to an address that is said', () => {
    templateOf({ ...domain, baseUrl: 'https://proxy.example.com/agents' }).hasOutput('ApiUrl', {
      Value: 'https://proxy.example.com/agents',
    });
  });

  test('needs its certificate', () => {
    expect(() => parseSettings({ apiDomain: 'api.example.com' })).toThrow(
      /apiCertificateArn: goes together with apiDomain\./,
    );
  });
});

describe('X-Ray', () => {
  test('is off unless asked for', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(
      /xray:|"Tracing(Config|Enabled)":(true|\{"Mode":"Active)/,
    );
  });

  test('follows a request from the stage through every function', () => {
    const traced = templateOf({ xRay: true });
    traced.hasResourceProperties('AWS::ApiGateway::Stage', { TracingEnabled: true });
    const functions = traced.findResources('AWS::Lambda::Function', {
      Properties: { TracingConfig: { Mode: 'Active' } },
    });
    expect(Object.keys(functions)).toHaveLength(10);
  });
});
