import { describe, expect, test } from '@jest/globals';
import { wayProblems } from '../../core/connectors/connector-config.ts';
import type { Way } from '../../core/connectors/ways.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { inboundMode, postgres } from './index.ts';

const connection = { host: 'db.example.com', database: 'shop', user: 'agents' };

describe('a connector to PostgreSQL', () => {
  test.each([
    [{}, ['table Use either a channel or a table.']],
    [{ channel: 'a', table: 'b', cursor_column: 'id' }, ['channel Use either a channel or a table.']],
    [{ table: 'orders' }, ['cursor_column is required with a table']],
    [{ channel: 'a', where: 'true' }, ['where can be used only with a table']],
    [{ channel: 'a' }, []],
    [{ table: 'orders', cursor_column: 'id', where: 'true' }, []],
  ])('reads a channel or a table: %j', (config, problems) => {
    const parsed = inboundMode.config.safeParse({ ...connection, ...config });
    const found = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
    expect(found).toEqual(problems);
  });

  const problemsOnAws = (config: JsonObject) => {
    const types = new Map([['postgres', postgres]]);
    const hasWay = (_type: string, way: Way) => way === 'poll';
    const draft = { type: 'postgres', mode: 'inbound', config: { ...connection, ...config } } as const;
    return wayProblems({ types, hasWay, name: 'aws' }, draft);
  };

  test('reads tables on AWS, and refuses a channel there with what to use instead', () => {
    expect(problemsOnAws({ table: 'orders', cursor_column: 'id' })).toEqual([]);
    expect(problemsOnAws({ channel: 'orders' })).toEqual([
      { field: 'type', message: expect.stringMatching(/hold no connection\. Read a table instead/) },
    ]);
  });

  test('has a condition of one expression', async () => {
    expect(await inboundMode.verify?.({ where: 'a = 1; DROP TABLE a' })).toEqual([
      { field: 'where', message: expect.stringMatching(/^must be one SQL expression/) },
    ]);
    expect(await inboundMode.verify?.({ where: 'a = 1' })).toEqual([]);
    expect(await inboundMode.verify?.({ where: 7 })).toEqual([]);
  });
});
