import { describe, expect, test } from '@jest/globals';
import { redactorOf } from './redact.ts';

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
    expect(redactor.text(text, 1_000)).toBe(expected);
  });

  test('not what only looks alike', () => {
    const text = 'on the home of /home/ada the key figure is 5, the bearer is here';
    expect(redactor.text(text, 1_000)).toBe(text);
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

describe('a long text', () => {
  test('says how much was cut', () => {
    expect(redactor.text('abcdef', 4)).toBe('abcd... (2 more characters)');
    expect(redactor.text('abcd', 4)).toBe('abcd');
  });

  test('shows no part of a secret that the cut went through', () => {
    for (let length = 1; length <= 20; length++) {
      expect(redactor.text(`x${env.OPENAI_API_KEY}${'y'.repeat(100)}`, length)).not.toContain('sk-');
    }
  });
});
