import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import { makeFlow, trigger } from './flow.ts';
import { useTarget } from './target.ts';

const target = useTarget();
const { operator } = target;

const health = z.object({
  status: z.string(),
  since: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
  last_event_at: z.iso.datetime().nullable(),
  last_delivery_at: z.iso.datetime().nullable(),
  runs_24h: z.int(),
  failed_24h: z.int(),
});
const shown = z.looseObject({ id: z.string(), health });
const agent = z.looseObject({ connectors: z.array(shown) });

/** The health of a connector wherever it is shown: by itself, in the list, and with its agent. */
async function healthOf(id: string, agentName: string) {
  const [alone, list, ofAgent] = await Promise.all([
    operator.call('GET', `/connectors/${id}`),
    operator.all(shown, '/connectors'),
    operator.call('GET', `/agents/${agentName}`),
  ]);
  const inList = list.find((connector) => connector.id === id)?.health;
  const withAgent = agent.parse(ofAgent.json).connectors.find((connector) => connector.id === id)?.health;
  const { health: own } = shown.parse(alone.json);
  return { own, isTheSame: JSON.stringify([inList, withAgent]) === JSON.stringify([own, own]) };
}

/** Waits until every place says the same, and that it is so. */
function healthWith(id: string, wanted: (found: z.infer<typeof health>) => boolean) {
  return eventually('one health that is the same everywhere', async () => {
    const { own, isTheSame } = await healthOf(id, 'shout');
    return isTheSame && wanted(own) && own;
  });
}

describe('the health of a connector', () => {
  test('is idle at first, then ok with the time of its last event or delivery', async () => {
    const { inbound, outbound } = await makeFlow(target);
    const idle = { status: 'idle', last_event_at: null, last_delivery_at: null, runs_24h: 0 };
    expect((await healthOf(inbound.id, 'shout')).own).toMatchObject({ ...idle, reason: 'No events yet.' });
    expect((await healthOf(outbound.id, 'shout')).own).toMatchObject({
      ...idle,
      reason: 'No deliveries yet.',
    });
    await operator.deliveryOf(await trigger(inbound), ({ status }) => status === 'delivered');
    const inboundHealth = await healthWith(inbound.id, ({ runs_24h }) => runs_24h === 1);
    expect(inboundHealth).toMatchObject({
      status: 'ok',
      reason: null,
      failed_24h: 0,
      last_delivery_at: null,
    });
    expect(inboundHealth.last_event_at).not.toBeNull();
    const outboundHealth = await healthWith(outbound.id, ({ status }) => status === 'ok');
    expect(outboundHealth).toMatchObject({ last_event_at: null, last_delivery_at: expect.any(String) });
  });

  test('is failing while its receiver fails, since when and why, and recovers', async () => {
    const { receiver, inbound, outbound } = await makeFlow(target, { answer: { status: 503 } });
    await trigger(inbound);
    const failing = await healthWith(outbound.id, ({ status }) => status === 'failing');
    expect(failing).toMatchObject({ reason: expect.stringContaining('503'), since: expect.any(String) });
    receiver.answer(() => ({ status: 200 }));
    await operator.deliveryOf(await trigger(inbound), ({ status }) => status === 'delivered');
    await healthWith(outbound.id, ({ status, since }) => status === 'ok' && since === null);
  });

  test('is disabled since somebody has disabled it', async () => {
    const { inbound } = await makeFlow(target);
    await operator.change(inbound.id, { enabled: false });
    const disabled = await healthWith(inbound.id, ({ status }) => status === 'disabled');
    expect(disabled).toMatchObject({
      reason: 'An operator disabled the connector.',
      since: expect.any(String),
    });
  });
});
