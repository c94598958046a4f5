import { describe, expect, test } from '@jest/globals';
import { redactorOf, shorten } from './redact.ts';

const env = {
  OPENAI_API_KEY: 'sk-proj-12345678',
  DB_PASSWORD: 'p.ss+word',
  SHORT_TOKEN: 'on',
  HOME: '/home/ada',
};
const redactor = redactorOf(env);

describe('what is redacted', () => {
  test.each([
    ['the value of a key in the environment', 'asked with sk-proj-12345678!', 'asked with [redacted]!'],
    ['a value with characters that patterns know', 'p.ss+word and pass+word', '[redacted] and pass+word'],
    ['an authorization header', 'Authorization: Bearer abc.def', 'Authorization: [redacted]'],
    [
      'an authorization header as JSON',
      '{"authorization":"Basic abc=","id":1}',
      '{"authorization":"[redacted]","id":1}',
    ],
    ['an API key header', "'x-goog-api-key': 'abc'", "'x-goog-api-key': '[redacted]'"],
    ['a bearer token alone', 'curl -H Bearer abcdefgh123', 'curl -H Bearer [redacted]'],
  ])('%s', (_, text, expected) => {
    expect(redactor.text(text)).toBe(expected);
  });

  test('not what only looks alike', () => {
    const text = 'on the home of /home/ada the key figure is 5, the bearer is here';
    expect(redactor.text(text)).toBe(text);
  });

  test("fields with a secret's name, at any depth", () => {
    const value = {
      headers: { 'X-API-Key': 'a', 'Set-Cookie': 'b', Authorization: 'c' },
      user: [{ password: 'd', clientSecret: 'e', access_token: 'f', name: 'Ada' }],
      token_usage: { total_tokens: 5 },
      secret: null,
    };
    expect(JSON.parse(redactor.json(value, 1_000))).toEqual({
      headers: { 'X-API-Key': '[redacted]', 'Set-Cookie': '[redacted]', Authorization: '[redacted]' },
      user: [{ password: '[redacted]', clientSecret: '[redacted]', access_token: '[redacted]', name: 'Ada' }],
      token_usage: { total_tokens: 5 },
      secret: null,
    });
  });
});

test('values that JSON cannot carry are told to be such', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  expect(redactor.json(circular, 100)).toBe('"[not JSON]"');
  expect(redactor.json(undefined, 100)).toBe('null');
});

test('a long text says how much was cut', () => {
  expect(shorten('abcdef', 4)).toBe('abcd... (2 more characters)');
  expect(shorten('abcd', 4)).toBe('abcd');
});
