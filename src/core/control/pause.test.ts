import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { holdKeys } from './hold.ts';
import { changePause, wholeDeployment } from './pause.ts';

let product: RunningProduct;
beforeEach(async () => {
  product = await runProduct();
});
afterEach(() => product.stop());

const hold = { since: 1, by: 'jane', reason: 'The deployment is paused.', drainPerMinute: 60 };
const change = (paused?: boolean, drainPerMinute?: number) =>
  changePause(product.engine, 'joe', wholeDeployment, {
    ...(paused === undefined ? {} : { paused }),
    ...(drainPerMinute === undefined ? {} : { drainPerMinute }),
  });
const paused = (drainPerMinute: number) =>
  wholeDeployment.keys.map((key) => ({ ...hold, key, drainPerMinute, drainingSince: null })).toReversed();

describe('a change of the pause of the deployment', () => {
  test('completes a pause that broke off, and changes nothing when it is repeated', async () => {
    const { holds } = product.engine;
    await holds.begin({ ...hold, key: holdKeys.deployment });
    expect(await change(true)).toEqual({ outcome: 'changed' });
    expect(await holds.list()).toEqual(paused(60));
    expect(await change(true)).toEqual({ outcome: 'unchanged' });
    expect((await product.call('GET', '/audit-log')).json).toMatchObject({
      items: [{ actor: 'joe', action: 'deployment.paused' }],
    });
  });

  test('completes a change of the rate that broke off', async () => {
    const { holds } = product.engine;
    for (const key of wholeDeployment.keys) await holds.begin({ ...hold, key });
    await holds.begin({ ...hold, key: holdKeys.deliveries, drainPerMinute: 90 });
    expect(await change(undefined, 90)).toEqual({ outcome: 'changed' });
    expect(await holds.list()).toEqual(paused(90));
  });

  test('pauses again what goes on after an earlier pause, and shows the pause that broke off', async () => {
    const { holds } = product.engine;
    await holds.begin({ ...hold, key: holdKeys.deliveries, since: 0 });
    await holds.drain(holdKeys.deliveries, 60, 1);
    await holds.begin({ ...hold, key: holdKeys.deployment });
    expect((await product.call('GET', '/deployment')).json).toMatchObject({ paused: true });
    expect(await change(true)).toEqual({ outcome: 'changed' });
    expect(await holds.list()).toEqual(paused(60));
  });

  test('completes a resume that broke off', async () => {
    const { holds } = product.engine;
    await holds.begin({ ...hold, key: holdKeys.deliveries, since: 0 });
    await holds.begin({ ...hold, key: holdKeys.deployment });
    await holds.drain(holdKeys.deliveries, 60, 1);
    expect(await change(false)).toEqual({ outcome: 'changed' });
    expect((await holds.list()).filter(({ drainingSince }) => drainingSince === null)).toEqual([]);
    expect((await holds.list()).map(({ key }) => key)).not.toContain(holdKeys.deployment);
  });
});

test('a paused agent that has left the project is listed by its name, and can be resumed', async () => {
  const { holds } = product.engine;
  const isUnknown = { status: 404, json: { code: 'agent-not-found' } };
  expect(await product.call('PATCH', '/agents/former', { paused: true })).toMatchObject(isUnknown);
  const reason = 'The agent is paused.';
  await holds.begin({ ...hold, key: holdKeys.agent('former'), reason });
  expect((await product.call('GET', '/attention')).json).toMatchObject({
    items: expect.arrayContaining([
      {
        kind: 'agent-paused',
        subject: 'former',
        title: 'former',
        reason: 'Paused by jane. Nothing waits yet.',
        since: '1970-01-01T00:00:00.001Z',
        what_to_do:
          'The project no longer has this agent. Bring it back, or resume it: its runs then fail, ten minutes after they were queued at the earliest.',
      },
    ]),
  });
  const resumed = await product.call('PATCH', '/agents/former', { paused: false });
  expect(resumed).toMatchObject({ status: 200, json: { paused: false, pause: null } });
  expect(await holds.list()).toEqual([]);
  expect(await product.call('PATCH', '/agents/former', { paused: false })).toMatchObject(isUnknown);
});
