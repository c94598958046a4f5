import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { checkedConnector } from '../../api/contract/connector-type.ts';

let product: RunningProduct;

beforeAll(async () => {
  product = await runProduct();
});

afterAll(() => product.stop());

const check = (type: string, mode: string, config: unknown) =>
  product.call('POST', `/connector-types/${type}/check`, { mode, config });

describe('checking a configuration before a connector is made of it', () => {
  test('a valid schedule comes with its words and its next five ticks', async () => {
    const answer = await check('cron', 'inbound', { schedule: '30 9 * * 1-5', timezone: 'Europe/Berlin' });
    const { schedule } = checkedConnector.parse(answer.json);
    expect(schedule).toMatchObject({
      schedule_in_words: 'At 09:30, Monday through Friday',
      timezone: 'Europe/Berlin',
    });
    const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
    expect(schedule?.items.map(({ at }) => berlin.format(new Date(at)))).toEqual(Array(5).fill('09:30'));
  });

  test('what has no schedule is just valid', async () => {
    const answer = await check('webhook', 'outbound', { url: 'https://example.com/hooks' });
    expect(answer).toMatchObject({ status: 200, json: { schedule: null } });
  });

  test.each([
    ['cron', 'inbound', { schedule: '61 * * * *' }, 'config.schedule'],
    ['webhook', 'outbound', { url: 'nowhere' }, 'config.url'],
    [
      'webhook',
      'outbound',
      { url: 'https://a.example', from_connectors: ['none'] },
      'config.from_connectors',
    ],
    ['cron', 'sync', {}, 'mode'],
    ['telegraph', 'inbound', {}, 'type'],
  ])('%s, %s, %j is refused as its creation would be, at %s', async (type, mode, config, field) => {
    const checked = await check(type, mode, config);
    expect(checked).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
    const created = await product.call('POST', '/connectors', { name: 'x', type, mode, config });
    expect(checked.json).toEqual(created.json);
    expect(JSON.stringify(checked.json)).toContain(`"field":"${field}`);
  });

  test('nothing is stored', async () => {
    expect((await product.call('GET', '/connectors')).json).toMatchObject({ items: [] });
    expect((await product.call('GET', '/audit-log')).json).toMatchObject({ items: [] });
  });
});
