import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { eventually } from './eventually.ts';
import { makeFlow, trigger } from './flow.ts';
import { useTarget } from './target.ts';

const target = useTarget();
const { operator } = target;

describe('a connector that subscribes to operational events', () => {
  test('gets failed runs, failed deliveries and disabled connectors, signed, and nothing about itself', async () => {
    const { receiver, inbound } = await makeFlow(target, { agent: 'fail' });
    const monitor = await operator.createConnector({
      mode: 'outbound',
      agents: [],
      config: {
        url: `${receiver.url}/monitor`,
        events: ['run.failed', 'delivery.failed', 'connector.disabled'],
      },
    });
    const gone = await operator.createConnector({
      mode: 'outbound',
      agents: ['fail'],
      config: { url: `${receiver.url}/gone`, statuses: ['failed'], events: ['delivery.failed'] },
    });
    receiver.answer(({ path }) => ({ status: path === '/hook/gone' ? 410 : 200 }));

    const runId = await trigger(inbound, { reason: 'out of stock' });
    const events = await eventually('three events', async () => {
      const received = receiver.requests.filter(({ path }) => path === '/hook/monitor');
      return received.length >= 3 && received;
    });
    const bodies = events.map((request) => {
      const body: unknown = new Webhook(monitor.secret).verify(request.body, request.headers);
      return body;
    });
    expect(bodies).toHaveLength(3);
    expect(bodies).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'run.failed',
          agent_name: 'fail',
          run_id: runId,
          summary: expect.stringContaining('out of stock'),
        }),
        expect.objectContaining({ type: 'delivery.failed', connector_id: gone.id, run_id: runId }),
        expect.objectContaining({ type: 'connector.disabled', connector_id: gone.id }),
      ]),
    );
    expect(receiver.requests.filter(({ path }) => path === '/hook/gone')).toHaveLength(1);
  });
});
