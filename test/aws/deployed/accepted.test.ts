import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { makeFlow, trigger } from '../../scenarios/flow.ts';
import { useTarget } from '../../scenarios/target.ts';
import type { Fault } from '../watched-account.ts';
import { functions, tableFails, useWatch } from './use-watch.ts';

const target = useTarget();
const { operator } = target;
const watch = useWatch();

/** So many calls are three tries of one, the way the product's clients try. */
const triesOfOneCall = 3;
const outages: Fault[] = ['throttled', 'unavailable', 'cut'];

describe('what was accepted, while DynamoDB fails', () => {
  test.each(outages)('is executed once, after its message has waited for a while (%s)', async (kind) => {
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    await watch.fail(tableFails(functions.runner, kind, triesOfOneCall));
    const { answer: run, calls } = await watch.callsDuring(functions.runner, async () =>
      operator.ended(await trigger(inbound)),
    );
    expect(run).toMatchObject({ status: 'completed', attempts: 1 });
    const backedOff = calls.filter(({ name }) => name === 'SQS ChangeMessageVisibility');
    const waits = backedOff.map(({ input }) => z.looseObject({ VisibilityTimeout: z.number() }).parse(input));
    expect(waits.map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual([10]);
  });

  test('is executed once, although the answers to its claim and to its end were lost', async () => {
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    await watch.fail({
      caller: functions.runner,
      call: 'DynamoDB UpdateItem',
      fault: 'answer-lost',
      times: 2,
    });
    expect(await operator.ended(await trigger(inbound))).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test.each(outages)('is delivered once, although its delivery could not be begun (%s)', async (kind) => {
    const { receiver, inbound } = await makeFlow(target, { agent: 'echo' });
    await watch.fail(tableFails(functions.deliver, kind, triesOfOneCall));
    await operator.deliveryOf(await trigger(inbound), ({ status }) => status === 'delivered');
    expect(receiver.requests).toHaveLength(1);
  });
});
