import { expect, test } from '@jest/globals';
import { passedHeaders } from './receiving-config.ts';

test('What a pattern names reaches the agent, but never what proves who sends', () => {
  const proofs = [
    'x-auth-key',
    'x-access-key',
    'x-functions-key',
    'x-gitlab-token',
    'x-goog-iap-jwt-assertion',
    'x-api-key',
    'x-shopify-hmac-sha256',
    'x-hub-signature-256',
  ];
  const headers = Object.fromEntries(
    [...proofs, 'x-shopify-topic', 'x-event'].map((name) => [name, 'value']),
  );
  expect(passedHeaders(headers, { type: 'secret' }, ['x-*'])).toEqual({
    'x-shopify-topic': 'value',
    'x-event': 'value',
  });
});

test('An idempotency key names the request and proves nothing', () => {
  const headers = { 'idempotency-key': 'order-1' };
  expect(passedHeaders(headers, { type: 'secret' }, ['idempotency-key'])).toEqual(headers);
});
