import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.ts';
import { sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

/** An event as an API destination of EventBridge posts it. */
function eventText(id: string, detail: string): string {
  const facts = {
    version: '0',
    id,
    'detail-type': 'order.paid',
    source: 'shop',
    account: '111122223333',
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [],
  };
  return `${JSON.stringify(facts).slice(0, -1)},"detail":${detail}}`;
}

describe('an event that an API destination of EventBridge posts', () => {
  const config = { pattern: { detail: { total: [{ numeric: ['>=', 100] }] } } };
  const create = () =>
    operator.createConnector({ type: 'eventbridge', mode: 'inbound', agents: ['shout'], config });

  test('starts a run with the event as its payload, and none when it comes again', async () => {
    const connector = await create();
    const headers = { 'content-type': 'application/json', 'x-connic-secret': connector.secret ?? '' };
    const body = eventText('e-1', '{"total":100.50}');
    const first = await sendRaw(connector, { headers, body });
    const [runId = ''] = wire.inboundAnswer.parse(first.json).run_ids;
    const again = await sendRaw(connector, { headers, body });
    expect(wire.inboundAnswer.parse(again.json).run_ids).toEqual([runId]);
    const run = await eventually('the run', async () => operator.run(runId));
    expect(run.payload).toMatchObject({ id: 'e-1', source: 'shop', detail: { total: 100.5 } });
  });

  test('starts nothing and is not sent again where it does not fit the pattern', async () => {
    const connector = await create();
    const headers = { 'content-type': 'application/json', 'x-connic-secret': connector.secret ?? '' };
    const answer = await sendRaw(connector, { headers, body: eventText('e-2', '{"total":99}') });
    expect(answer.status).toBe(200);
    expect(answer.json).toBeUndefined();
  });

  test('is refused with a wrong secret as where there is no such connector', async () => {
    const connector = await create();
    const headers = { 'content-type': 'application/json', 'x-connic-secret': 'wrong' };
    const answer = await sendRaw(connector, { headers, body: eventText('e-3', '{"total":100}') });
    expect(answer.status).toBe(401);
  });

  test('is of a connector whose pattern is refused where it is none', async () => {
    await expect(
      operator.createConnector({
        type: 'eventbridge',
        mode: 'inbound',
        agents: ['shout'],
        config: { pattern: { source: 'shop' } },
      }),
    ).rejects.toThrow(/must be a list of values/);
  });
});
