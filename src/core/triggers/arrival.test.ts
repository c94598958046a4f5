import { expect, test } from '@jest/globals';
import { bodyOfBytes } from '../connectors/http-request.ts';
import { arrivalOf } from './arrival.ts';

const request = { method: 'POST', query: '', headers: {}, body: bodyOfBytes(new Uint8Array()) };

test('Headers that prove who sends are kept by name only, and those of the connection not at all', () => {
  const headers = {
    host: 'example.com',
    'content-type': 'application/json',
    authorization: 'Bearer abc',
    cookie: 'session=abc',
    'x-hub-signature-256': 'sha256=abc',
    'x-shopify-hmac-sha256': 'abc',
    'x-proof': 'abc',
    'idempotency-key': 'order-1',
    'x-forwarded-for': '203.0.113.7',
  };
  expect(arrivalOf({ ...request, headers }, (name) => name === 'x-proof').headers).toEqual({
    'content-type': 'application/json',
    authorization: '[redacted]',
    cookie: '[redacted]',
    'x-hub-signature-256': '[redacted]',
    'x-shopify-hmac-sha256': '[redacted]',
    'x-proof': '[redacted]',
    'idempotency-key': 'order-1',
    'x-forwarded-for': '203.0.113.7',
  });
});

test('A query is kept without the values of its secrets', () => {
  const { query } = arrivalOf({ ...request, query: 'from=github&secret=abc&api_key=abc&page=2&x' });
  expect(query).toBe('from=github&secret=[redacted]&api_key=[redacted]&page=2&x');
});

test('The names of secrets in a query are decoded first', () => {
  const { query } = arrivalOf({ ...request, query: 's%65cret=abc&api%5Fkey=abc&%ff=abc&p%61ge=2' });
  expect(query).toBe('s%65cret=[redacted]&api%5Fkey=[redacted]&%ff=[redacted]&p%61ge=2');
});

test('What a sender may choose is bounded', () => {
  const headers = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`x-${n}`, 'v'.repeat(9_000)]));
  const arrived = arrivalOf({ ...request, headers, query: 'q'.repeat(9_000) });
  expect(JSON.stringify(arrived).length).toBeLessThan(8_000);
});
