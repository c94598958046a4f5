import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import type { RecordedRequest, ScriptedReply } from '../model-servers/model-server.ts';
import { eventually } from './eventually.ts';
import type { ConnectorDraft } from './operator.ts';
import { useTargetWithModel } from './target-with-model.ts';
import * as wire from './wire.ts';

const withModel = useTargetWithModel(reply);
const { target } = withModel;
const { operator } = target;

/** The calls that a payload asks for, one after another, and then the last result. */
const payload = z.object({
  calls: z.array(z.object({ name: z.string(), input: z.record(z.string(), z.json()) })),
});

function reply({ body }: RecordedRequest): ScriptedReply {
  const { contents } = z.object({ contents: z.array(z.object({ parts: z.array(part) })) }).parse(body);
  const parts = contents.flatMap((content) => content.parts);
  const question = parts.find(({ text }) => text?.includes('"calls"'))?.text ?? '{"calls":[]}';
  const { calls } = payload.parse(JSON.parse(question));
  const results = parts.flatMap(({ functionResponse }) => functionResponse ?? []);
  const next = calls[results.length];
  if (next === undefined) return { text: JSON.stringify(results.at(-1)?.response ?? {}) };
  return { toolCalls: [{ name: next.name, arguments: next.input }] };
}
const part = z.looseObject({
  text: z.string().optional(),
  functionResponse: z.looseObject({ response: z.unknown() }).optional(),
});

/** An outbound connector by choice with the tool `send_to_<tool>`, and its receiver. */
async function makeTarget(delivery: 'tool' | 'code', draft: Partial<ConnectorDraft> = {}) {
  const receiver = await target.startReceiver();
  const name = `Orders ${crypto.randomUUID().slice(0, 8)}`;
  const agents = [delivery === 'tool' ? 'messenger' : 'notify'];
  const config = { url: receiver.url };
  const connector = await operator.createConnector({
    mode: 'outbound',
    name,
    agents,
    config,
    delivery,
    ...draft,
  });
  return { receiver, connector, name, tool: `send_to_${name.toLowerCase().replace(' ', '_')}` };
}

async function tell(calls: readonly { name: string; input: object }[]) {
  return operator.ended(await operator.startRun('messenger', { calls }));
}

const notify = async (to: string, message: object, wait = false) =>
  operator.ended(await operator.startRun('notify', { to, message, wait }));

describe('a connector with the delivery "tool"', () => {
  test('gives the model a tool: three calls are three deliveries of one run, signed and retried', async () => {
    const { receiver, connector, tool } = await makeTarget('tool');
    receiver.answer((_request, count) => ({ status: count === 1 ? 503 : 200 }));
    const call = (order: number) => ({ name: tool, input: { order } });
    const run = await tell([call(1), call(2), call(3)]);
    expect(run).toMatchObject({ status: 'completed', error: null });
    const ended = await eventually('three deliveries', async () => {
      const { deliveries } = await operator.run(run.run_id);
      return deliveries.filter(({ status }) => status === 'delivered').length === 3 && deliveries;
    });
    expect(ended).toHaveLength(3);
    expect(ended.map(({ attempts }) => attempts.length).sort()).toEqual([1, 1, 2]);
    expect(ended.every(({ connector_id: id }) => id === connector.id)).toBe(true);
    const sent = receiver.requests.map(({ body, headers }) =>
      new Webhook(connector.secret).verify(body, headers),
    );
    expect(sent).toHaveLength(4);
    expect(sent).toEqual(expect.arrayContaining([{ order: 1 }, { order: 2 }, { order: 3 }]));
    const listed = await operator.all(wire.delivery, `/deliveries?connector=${connector.id}`);
    expect(listed.map(({ delivery_id: id }) => id).sort()).toEqual(
      ended.map(({ delivery_id: id }) => id).sort(),
    );
    const spans = run.spans.filter(({ name }) => name === `execute_tool ${tool}`);
    const named = spans.map((span) => z.looseObject({ 'delivery.id': z.string() }).parse(span['attributes']));
    expect(named.map((attributes) => attributes['delivery.id']).sort()).toEqual(
      ended.map(({ delivery_id: id }) => id).sort(),
    );
  });

  test('tells the model at once that its message is on its way, though the receiver fails', async () => {
    const { receiver, tool } = await makeTarget('tool');
    receiver.answer(() => ({ status: 400 }));
    const run = await tell([{ name: tool, input: { order: 1 } }]);
    expect(run.output).toContain('"status":"pending"');
    await operator.deliveryOf(run.run_id, ({ status }) => status === 'failed');
    expect((await operator.run(run.run_id)).status).toBe('completed');
  });

  test.each([
    [200, 'delivered', '"status":"delivered"'],
    [400, 'failed', 'The receiver responded with 400'],
  ])('tells a model that waits how a message ended that is answered with %s', async (status, _word, told) => {
    const { receiver, tool } = await makeTarget('tool');
    receiver.answer(() => ({ status }));
    const run = await tell([{ name: tool, input: { order: 1, wait: true } }]);
    expect(run.output).toContain(told);
    expect(receiver.requests.map(({ body }) => JSON.parse(String(body)))).toEqual([{ order: 1 }]);
  });

  test('delivers no results, and nothing that its filter does not want', async () => {
    const { receiver, connector, tool } = await makeTarget('tool');
    await operator.change(connector.id, { filter: 'output.order > 1' });
    const run = await tell([
      { name: tool, input: { order: 1 } },
      { name: tool, input: { order: 2 } },
    ]);
    await operator.deliveryOf(run.run_id, ({ status }) => status === 'delivered');
    expect(receiver.requests.map(({ body }) => JSON.parse(String(body)))).toEqual([{ order: 2 }]);
    const [first] = run.spans.filter(({ name }) => name === `execute_tool ${tool}`);
    expect(JSON.stringify(first?.['attributes'])).toContain('filtered');
  });

  test('has a tool with the message of its type, which the model sees', async () => {
    const created = await operator.call('POST', '/connectors', {
      type: 'eventbridge',
      mode: 'outbound',
      name: 'Bus of orders',
      agents: ['messenger'],
      config: { event_bus: 'default', source: 'orders', region: 'eu-west-1' },
      delivery: 'tool',
    });
    const connector = wire.connector.parse(created.json);
    const run = await tell([{ name: 'send_to_bus_of_orders', input: { detail: 'text' } }]);
    expect(JSON.stringify(run.spans)).toContain('The arguments do not fit');
    expect(run.deliveries).toEqual([]);
    const declared = JSON.stringify(withModel.requests.at(-1)?.body['tools']);
    expect(declared).toContain('send_to_bus_of_orders');
    expect(declared).toContain('detail_type');
    await operator.delete(connector.id);
  });

  test('is refused for an agent without a model', async () => {
    const refused = operator.createConnector({
      mode: 'outbound',
      agents: ['notify'],
      config: { url: 'https://example.com' },
      delivery: 'tool',
    });
    await expect(refused).rejects.toThrow('The agent \\"notify\\" has no model that could call a tool');
  });
});

describe('a connector with the delivery "code"', () => {
  test('takes what code sends', async () => {
    const { receiver, name } = await makeTarget('code');
    const run = await notify(name, { order: 7 }, true);
    expect(JSON.parse(run.output ?? '')).toMatchObject({ status: 'delivered' });
    expect(receiver.requests.map(({ body }) => JSON.parse(String(body)))).toEqual([{ order: 7 }]);
    const [delivery] = run.deliveries;
    expect(run.output).toContain(delivery?.delivery_id);
  });

  test('is not found under another name', async () => {
    const { name } = await makeTarget('code');
    const run = await notify(`${name}s`, {});
    expect(run.error?.message).toContain(`can send to no connector "${name}s". Did you mean "${name}"?`);
  });

  test('holds what is sent while it is disabled', async () => {
    const { connector, name } = await makeTarget('code');
    await operator.change(connector.id, { enabled: false });
    const run = await notify(name, { order: 1 }, true);
    expect(JSON.parse(run.output ?? '')).toMatchObject({
      status: 'held',
      reason: 'An operator disabled the connector.',
    });
  });

  test('delivers results again once it is automatic', async () => {
    const { connector, receiver } = await makeTarget('code');
    await operator.change(connector.id, { delivery: 'automatic' });
    const run = await notify(connector.name, {});
    expect(run.error?.message).toContain('can send to no connector');
    expect(receiver.requests).toEqual([]);
  });
});
