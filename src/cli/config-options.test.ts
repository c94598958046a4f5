import { describe, expect, test } from '@jest/globals';
import { configFrom as configOf } from './config-options.ts';

const configFrom = (options: Parameters<typeof configOf>[0], start = {}, schema = {}) =>
  configOf(options, async () => schema, start);

describe('a configuration from options', () => {
  test('takes fields one by one, as JSON where they are JSON', async () => {
    const set = ['url=https://example.com/hook?a=b', 'timeout_seconds=30', 'statuses=["failed"]'];
    expect(await configFrom({ set })).toEqual({
      url: 'https://example.com/hook?a=b',
      timeout_seconds: 30,
      statuses: ['failed'],
    });
  });

  test('takes fields inside of fields by their path', async () => {
    const set = ['auth.type=github', 'rate_limit.requests=5'];
    expect(await configFrom({ set, config: '{"rate_limit": {"per_seconds": 60}}' })).toEqual({
      auth: { type: 'github' },
      rate_limit: { per_seconds: 60, requests: 5 },
    });
  });

  test('takes as text what looks like JSON, where a field takes only text', async () => {
    const text = { type: 'string' };
    const auth = { oneOf: [{ properties: { key: text } }, { properties: { seconds: { type: 'integer' } } }] };
    const either = { anyOf: [text, { type: 'integer' }] };
    const schema = { properties: { chat: text, list: text, either, auth } };
    const set = ['chat=-1001234567890123456', 'list={"a": 1}', 'either=5', 'auth.key=12', 'auth.seconds=12'];
    expect(await configFrom({ set: [...set, 'unknown=1'] }, {}, schema)).toEqual({
      chat: '-1001234567890123456',
      list: '{"a": 1}',
      either: 5,
      auth: { key: '12', seconds: 12 },
      unknown: 1,
    });
    expect(await configFrom({ set: ['chat=null', 'list="quoted"'] }, {}, schema)).toEqual({
      chat: null,
      list: 'quoted',
    });
  });

  test('begins with the one that is there, and leaves it alone', async () => {
    const start = { auth: { type: 'secret' } };
    expect(await configFrom({ set: ['auth.type=none'] }, start)).toEqual({ auth: { type: 'none' } });
    expect(start).toEqual({ auth: { type: 'secret' } });
  });

  test('never reaches a prototype', async () => {
    const config = await configFrom({ set: ['__proto__.polluted=1', 'constructor.prototype.polluted=1'] });
    expect(Object.getOwnPropertyNames(config)).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('polluted');
  });

  test.each([
    [{ set: ['timeout_seconds'] }, '--set expects field=value'],
    [{ set: ['=30'] }, '--set expects field=value'],
    [{ config: '[1]' }, '--config expects a JSON object'],
    [{ config: 'text' }, '--config expects a JSON object'],
    [{ config: '{broken' }, '--config is not valid JSON.'],
  ])('says what is wrong with %j', async (options, sentence) => {
    await expect(configFrom(options)).rejects.toThrow(sentence);
  });
});
