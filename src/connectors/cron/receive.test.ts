import { expect, test } from '@jest/globals';
import { sampleConnector, sampleNow, sampleReceiveContext } from '../../../test/connectors/sample-records.ts';
import { Payload } from '../../core/json/json-value.ts';
import type { Tick } from '../../core/schedules/schedule.ts';
import { receive } from './index.ts';

const prompt = "Write yesterday's report.";
const received = (tick: Tick, config = {}) => {
  const connector = sampleConnector('cron', 'inbound', { schedule: '0 9 * * 1-5', ...config });
  return receive(tick, sampleReceiveContext(connector));
};

test('a model is given the prompt itself; tools and middleware the payload with it', async () => {
  expect(await received({ at: sampleNow, by: 'schedule' }, { prompt })).toMatchObject({
    modelInput: prompt,
    payload: Payload.of({
      trigger: 'cron',
      schedule: '0 9 * * 1-5',
      triggered_at: '2026-11-22T09:00:00Z',
      prompt,
    }),
  });
});

test('without a prompt a model is given the empty payload, and there is no prompt in the other one', async () => {
  const outcome = await received({ at: sampleNow, by: 'schedule' });
  expect(outcome).toMatchObject({ modelInput: '{}' });
  expect(outcome).toHaveProperty('payload.value', {
    trigger: 'cron',
    schedule: '0 9 * * 1-5',
    triggered_at: '2026-11-22T09:00:00Z',
  });
});

test('the run knows its schedule by its context', async () => {
  expect(await received({ at: sampleNow, by: 'operator' }, { timezone: 'Asia/Kolkata' })).toMatchObject({
    context: {
      cron: {
        schedule: '0 9 * * 1-5',
        timezone: 'Asia/Kolkata',
        triggered_at: '2026-11-22T09:00:00Z',
        by: 'operator',
      },
    },
  });
});

test('a tick is the same one however often it is fired; what an operator fires is always new', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => received({ at: sampleNow, by: 'schedule' })));
  expect(one).toHaveProperty('natural.timeMs', sampleNow);
  expect(one).toEqual(other);
  expect(await received({ at: sampleNow, by: 'operator' })).toMatchObject({ natural: null });
});
