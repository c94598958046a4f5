import { describe, expect, test } from '@jest/globals';
import { configFrom } from './config-options.ts';

describe('a configuration from options', () => {
  test('takes fields one by one, as JSON where they are JSON', () => {
    const set = ['url=https://example.com/hook?a=b', 'timeout_seconds=30', 'statuses=["failed"]'];
    expect(configFrom({ set })).toEqual({
      url: 'https://example.com/hook?a=b',
      timeout_seconds: 30,
      statuses: ['failed'],
    });
  });

  test('takes fields inside of fields by their path', () => {
    const set = ['auth.type=github', 'rate_limit.requests=5'];
    expect(configFrom({ set, config: '{"rate_limit": {"per_seconds": 60}}' })).toEqual({
      auth: { type: 'github' },
      rate_limit: { per_seconds: 60, requests: 5 },
    });
  });

  test('begins with the one that is there, and leaves it alone', () => {
    const start = { auth: { type: 'secret' } };
    expect(configFrom({ set: ['auth.type=none'] }, start)).toEqual({ auth: { type: 'none' } });
    expect(start).toEqual({ auth: { type: 'secret' } });
  });

  test('never reaches a prototype', () => {
    const config = configFrom({ set: ['__proto__.polluted=1', 'constructor.prototype.polluted=1'] });
    expect(Object.getOwnPropertyNames(config)).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('polluted');
  });

  test.each([
    [{ set: ['timeout_seconds'] }, '--set expects field=value'],
    [{ set: ['=30'] }, '--set expects field=value'],
    [{ config: '[1]' }, '--config expects a JSON object'],
    [{ config: 'text' }, '--config expects a JSON object'],
    [{ config: '{broken' }, 'Invalid JSON'],
  ])('says what is wrong with %j', (options, sentence) => {
    expect(() => configFrom(options)).toThrow(sentence);
  });
});
