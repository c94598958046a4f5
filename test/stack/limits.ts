import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { limits } from '../../lib/limits.ts';
import { longestWaitMs } from '../../src/engines/aws/entry/awaited-answer.ts';
import { templateOf } from './synthesized.ts';

const integration = z.object({
  Properties: z.object({
    Integration: z.object({
      TimeoutInMillis: z.number().optional(),
      ResponseTransferMode: z.string().optional(),
    }),
  }),
});

/** Timeouts of all integrations, in seconds, by how they transfer. */
function integrationSeconds(template: Template, transferMode: string | undefined): number[] {
  return Object.values(template.findResources('AWS::ApiGateway::Method'))
    .map((method) => integration.parse(method).Properties.Integration)
    .filter(({ ResponseTransferMode }) => ResponseTransferMode === transferMode)
    .flatMap(({ TimeoutInMillis }) => (TimeoutInMillis === undefined ? [] : [TimeoutInMillis / 1_000]));
}

const lambdas = join(import.meta.dirname, '../../lambdas');

describe('times that depend on each other', () => {
  const template = templateOf({ kafka: true, eventBuses: ['default'], websocket: true });

  test('buffered integrations end within what API Gateway allows, streamed ones too', () => {
    expect(Math.max(...integrationSeconds(template, undefined))).toBeLessThanOrEqual(29);
    const streamed = integrationSeconds(template, 'STREAM');
    expect(streamed.length).toBe(2);
    expect(Math.max(...streamed)).toBeLessThanOrEqual(900);
  });

  test('a sync caller gets an answer of ours before the gateway gives up', () => {
    expect(longestWaitMs / 1_000).toBeLessThan(limits.syncIntegrationSeconds);
    expect(limits.inboundSeconds).toBeLessThan(limits.bufferedIntegrationSeconds);
  });

  test('an agent and its lease end within the function that executes it', () => {
    expect(limits.longestAgentSeconds + limits.leaseMarginSeconds).toBeLessThanOrEqual(
      limits.functionSeconds,
    );
  });

  test('a message of a run is hidden for six times as long as its function may take', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: limits.functionSeconds * 6,
      RedrivePolicy: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: limits.deliverSeconds * 6,
      RedrivePolicy: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: limits.tickSeconds * 6,
      RedrivePolicy: Match.anyValue(),
    });
  });

  test('no function has more time than Lambda gives', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    const timeouts = functions.map((each) =>
      z.object({ Properties: z.object({ Timeout: z.number() }) }).parse(each),
    );
    expect(timeouts.length).toBeGreaterThanOrEqual(readdirSync(lambdas).length);
    expect(Math.max(...timeouts.map(({ Properties }) => Properties.Timeout))).toBeLessThanOrEqual(900);
  });
});
