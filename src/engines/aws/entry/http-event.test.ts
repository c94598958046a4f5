import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { baseUrlOf, httpRequest, targetOf } from './http-function.ts';

/** A REST API event as AWS documents it ("Input format of a Lambda function for proxy integration"). */
function sampleEvent(change: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent {
  const file = join(import.meta.dirname, '../../../../test/aws/samples/rest-api-event.json');
  const event: APIGatewayProxyEvent = JSON.parse(readFileSync(file, 'utf8'));
  return { ...event, ...change };
}

async function bodyOf(event: APIGatewayProxyEvent): Promise<string> {
  const bytes = await httpRequest(event).body.bytes(1_000);
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
}

describe('a request of API Gateway', () => {
  test('has every value of a repeated header and of a repeated query parameter', () => {
    const request = httpRequest(sampleEvent());
    expect(request.headers['header2']).toBe('value1, value2');
    expect(request.query).toBe('parameter1=value1&parameter1=value2&parameter2=value');
  });

  test('has header names in lower case', () => {
    const multiValueHeaders = { 'X-Connic-Secret': ['s'] };
    expect(httpRequest(sampleEvent({ multiValueHeaders })).headers).toEqual({ 'x-connic-secret': 's' });
  });

  test('names its connector by its path', () => {
    const sent = (resource: string, pathParameters: APIGatewayProxyEvent['pathParameters']) =>
      targetOf(sampleEvent({ resource, pathParameters }));
    const connector_id = 'abc';
    expect(sent('/webhooks/{connector_id}', { connector_id })).toEqual({ connectorId: 'abc', suffix: '' });
    expect(sent('/webhooks/{connector_id}/sync', { connector_id })).toMatchObject({ suffix: '/sync' });
    expect(sent('/webhooks/{connector_id}', null)).toMatchObject({ connectorId: '' });
  });

  test('gives a body in base64 back byte by byte', async () => {
    const body = Buffer.from([0xff, 0x00, 0x80]).toString('base64');
    expect(await bodyOf(sampleEvent({ body, isBase64Encoded: true }))).toBe('\u00ff\u0000\u0080');
  });

  test('gives a text body as UTF-8; what was none when it came has been replaced by then', async () => {
    expect(await bodyOf(sampleEvent({ body: 'é\ufffd', isBase64Encoded: false }))).toBe(
      Buffer.from('é\ufffd').toString('latin1'),
    );
  });

  test('without a body has an empty one', async () => {
    expect(await bodyOf(sampleEvent({ body: null }))).toBe('');
  });
});

describe('the address of the API', () => {
  const requestContext = sampleEvent().requestContext;
  const at = (domainName: string, path: string) =>
    sampleEvent({ requestContext: { ...requestContext, domainName, path } });

  test('is the host with the stage', () => {
    const event = at('id.execute-api.eu-west-1.amazonaws.com', '/prod/api/v1/connectors');
    expect(baseUrlOf(event, '', '/api/v1')).toBe('https://id.execute-api.eu-west-1.amazonaws.com/prod');
  });

  test("is a domain of one's own with its base path", () => {
    expect(baseUrlOf(at('example.com', '/webhooks/abc/sync'), '', '/webhooks/')).toBe('https://example.com');
    expect(baseUrlOf(at('example.com', '/agents/webhooks/abc'), '', '/webhooks/')).toBe(
      'https://example.com/agents',
    );
  });

  test('is what the deployment says, where it does', () => {
    expect(baseUrlOf(at('x', '/prod/api/v1'), 'https://agents.example.com', '/api/v1')).toBe(
      'https://agents.example.com',
    );
  });
});

describe('the URL that a sender has called', () => {
  const requestContext = sampleEvent().requestContext;
  const event = sampleEvent({
    requestContext: { ...requestContext, domainName: 'api.example.com', path: '/prod/webhooks/abc' },
  });

  test('has the stage, or what the deployment says instead of it', () => {
    expect(httpRequest(event).url).toBe('https://api.example.com/prod/webhooks/abc');
    expect(httpRequest(event, 'https://agents.example.com').url).toBe(
      'https://agents.example.com/webhooks/abc',
    );
  });
});
