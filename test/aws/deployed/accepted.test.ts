import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from '../../scenarios/eventually.ts';
import { makeFlow, trigger } from '../../scenarios/flow.ts';
import { useTarget } from '../../scenarios/target.ts';
import type { AwsCall } from '../aws-call.ts';
import type { Fault } from '../watched-account.ts';
import { functions, tableFails, useWatch } from './use-watch.ts';

const target = useTarget();
const { operator } = target;
const watch = useWatch();

/** So many calls are three tries of one, the way the product's clients try. */
const triesOfOneCall = 3;
const outages: Fault[] = ['throttled', 'unavailable', 'cut'];
const backOff = z.looseObject({ VisibilityTimeout: z.number() });

/** How long the message of a run was sent away after the first calls for it had failed, in seconds. */
function waitAfterFailure(calls: readonly AwsCall[], runId: string): number | undefined {
  const failed = calls.findIndex(({ input }) => JSON.stringify(input).includes(runId));
  const sentAway = calls.slice(failed).find(({ name }) => name === 'SQS ChangeMessageVisibility');
  return failed === -1 || sentAway === undefined
    ? undefined
    : backOff.parse(sentAway.input).VisibilityTimeout;
}

describe('what was accepted, while DynamoDB fails', () => {
  test.each(outages)('is executed once, after its message has waited for a while (%s)', async (kind) => {
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const { count } = await watch.calls();
    await watch.fail(tableFails(functions.runner, kind));
    const runId = await trigger(inbound);
    // As long as it is away, however busy the machine is: counted failures might hit the message of another run.
    const waitSeconds = await eventually(`the message of run ${runId} to be sent away`, async () =>
      waitAfterFailure(await watch.callsOf(functions.runner, count), runId),
    );
    await watch.fail();
    expect(waitSeconds).toBe(10);
    expect(await operator.ended(runId)).toMatchObject({ status: 'completed', attempts: 1 });
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
