import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  sampleConnector,
  sampleNow,
  samplePrepareContext,
  sampleRun,
} from '../../../test/connectors/sample-records.ts';
import type { ConnectorSecrets } from '../../core/connectors/connector-secrets.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { runEnvelope } from '../../core/runs/run.ts';
import { outboundMode, prepare } from './outbound-mode.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const old = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const secrets: ConnectorSecrets = { current: secret, previous: null, config: {} };
const config = { url: 'https://example.com/hook?team=7' };

function prepared(given: JsonObject = config, known: ConnectorSecrets = secrets) {
  const connector = sampleConnector('webhook', 'outbound', outboundMode.config.parse(given), known);
  return prepare(sampleRun, samplePrepareContext(connector, known));
}

describe('a delivery', () => {
  test('posts the run envelope to the configured URL', () => {
    const { url, body, headers } = prepared();
    expect(url).toBe(config.url);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Agent-Connectors' });
    expect(JSON.parse(body)).toEqual(runEnvelope(sampleRun));
  });

  test('is signed by X-Connic-Signature with the whole secret text as the key', () => {
    const { headers, body } = prepared();
    const expected = createHmac('sha256', secret)
      .update(`${sampleNow / 1_000}.${body}`)
      .digest('hex');
    expect(headers['x-connic-timestamp']).toBe(String(sampleNow / 1_000));
    expect(headers['x-connic-signature']).toBe(expected);
  });

  test("is signed for Standard Webhooks, with the delivery's id", () => {
    const { headers, body } = prepared();
    expect(headers['webhook-id']).toBe('019a9f5c-7e80-7abc-8def-0123456789ab');
    const signature = new Webhook(secret).sign(headers['webhook-id'] ?? '', new Date(sampleNow), body);
    expect(headers['webhook-signature']).toBe(signature);
  });

  test('carries two Standard Webhooks signatures while a rotation lasts', () => {
    const rotating = { ...secrets, previous: { secret: old, expiresAt: sampleNow + 1 } };
    const [current, previous, ...more] =
      prepared(config, rotating).headers['webhook-signature']?.split(' ') ?? [];
    const { headers, body } = prepared();
    const sign = (key: string) =>
      new Webhook(key).sign(headers['webhook-id'] ?? '', new Date(sampleNow), body);
    expect([current, previous, more]).toEqual([sign(secret), sign(old), []]);
  });

  test('carries one signature once the rotation is over', () => {
    const rotated = { ...secrets, previous: { secret: old, expiresAt: sampleNow } };
    expect(prepared(config, rotated).headers['webhook-signature']).not.toContain(' ');
  });

  test('has the configured headers and the authorization from the secret store', () => {
    const given = {
      ...config,
      headers: { 'X-Environment': 'test', 'user-agent': 'Mine' },
      timeout_seconds: 30,
    };
    const message = prepared(given, { ...secrets, config: { authorization: 'Bearer abc' } });
    expect(message.headers).toMatchObject({
      'x-environment': 'test',
      'user-agent': 'Mine',
      authorization: 'Bearer abc',
    });
    expect(message.timeoutMs).toBe(30_000);
  });

  test('is not made without a secret', () => {
    expect(() => prepared(config, { ...secrets, current: null })).toThrow('has no secret');
  });
});

describe('the configuration of an outbound webhook', () => {
  test.each([
    ['no URL', {}, /url/],
    ['a URL of another protocol', { url: 'ftp://example.com' }, /full URL/],
    ['a relative URL', { url: '/hook' }, /full URL/],
    ['a URL with a password', { url: 'https://user:pass@example.com' }, /Remove the user name and password/],
    ['a header of the connection', { ...config, headers: { Host: 'a' } }, /product sets the header/],
    ['a header of the body', { ...config, headers: { 'Content-Length': '1' } }, /product sets the header/],
    ['a signature', { ...config, headers: { 'Webhook-Signature': 'v1,a' } }, /product sets the header/],
    ['a signature', { ...config, headers: { 'X-Connic-Signature': 'a' } }, /product sets the header/],
    [
      'credentials among the headers',
      { ...config, headers: { Authorization: 'a' } },
      /field "authorization"/,
    ],
    ['a header that is none', { ...config, headers: { 'a b': 'c' } }, /not the name of an HTTP header/],
    ['a header that breaks the line', { ...config, headers: { a: 'b\r\nc: d' } }, /printable ASCII/],
    ['a longer timeout than 30 seconds', { ...config, timeout_seconds: 31 }, /30/],
    ['no status', { ...config, statuses: [] }, /1/],
  ])('refuses %s', (_what, given, expected) => {
    const problems = outboundMode.config.safeParse(given).error?.issues ?? [];
    expect(problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')).toMatch(expected);
  });

  test('takes a URL with any port, path and query', () => {
    expect(outboundMode.config.safeParse({ url: 'https://example.com:8443/a/b?c=d' }).success).toBe(true);
  });
});
