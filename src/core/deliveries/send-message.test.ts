import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { type Connector, type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { changeConnector } from '../connectors/change-connector.ts';
import { createConnector } from '../connectors/create-connector.ts';
import { deleteConnector } from '../connectors/delete-connector.ts';
import { linkAgent } from '../connectors/link-agent.ts';
import { Payload } from '../json/json-value.ts';
import type { AgentMessage } from '../ports/agent-executor.ts';
import type { Run } from '../runs/run.ts';
import { startRun } from '../runs/start-run.ts';
import { maxMessagesPerRun } from './delivery.ts';
import { RunMessages, sendTargets } from './send-message.ts';

let product: RunningProduct;
let receiver: Receiver;

beforeAll(async () => {
  product = await runProduct();
  receiver = await startReceiver();
});

afterAll(async () => {
  await receiver.goDown();
  await product.stop();
});

const never = new AbortController().signal;

async function endedRun(): Promise<Run> {
  const started = await startRun(product.engine, 'tester', 'echo', Payload.of({ total: 5 }));
  if (started.outcome === 'refused') throw new Error(started.detail);
  return product.engine.signals.whenEnded(started.runId, AbortSignal.timeout(30_000));
}

/** A connector to which the code of the agent `echo` sends. */
async function byCode(): Promise<Connector> {
  const connector = await product.connect('outbound', [], { url: receiver.url });
  await changeConnector(product.engine, 'tester', connector.id, { delivery: 'code', agents: ['echo'] });
  return connector;
}

const messageTo = ({ id }: Connector, given: Partial<AgentMessage> = {}): AgentMessage => ({
  agentName: 'echo',
  connectorId: id,
  messageText: '{"order":1}',
  occurrence: 0,
  waitSeconds: null,
  ...given,
});

const idOf = async (messages: RunMessages, message: AgentMessage) => {
  const sent = await messages.send(message);
  return sent.outcome === 'sent' ? sent.deliveryId : sent.reason;
};

describe('a message', () => {
  test('that is repeated because its run is executed again is not sent again', async () => {
    const [run, connector] = [await endedRun(), await byCode()];
    const first = new RunMessages(product.engine, run, never);
    const ended = await first.send(messageTo(connector, { waitSeconds: 30 }));
    expect(ended).toMatchObject({ outcome: 'sent', status: 'delivered', reason: null });
    const again = new RunMessages(product.engine, run, never);
    expect(await again.send(messageTo(connector))).toEqual(ended);
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids.filter((id) => ended.outcome === 'sent' && id === ended.deliveryId)).toHaveLength(1);
  });

  test('is another one if its content, its connector, its run, or its number differs', async () => {
    const [run, other] = [await endedRun(), await endedRun()];
    const [connector, second] = [await byCode(), await byCode()];
    const messages = new RunMessages(product.engine, run, never);
    const ids = [
      await idOf(messages, messageTo(connector)),
      await idOf(messages, messageTo(connector, { occurrence: 1 })),
      await idOf(messages, messageTo(connector, { messageText: '{"order":2}' })),
      await idOf(messages, messageTo(second)),
      await idOf(new RunMessages(product.engine, other, never), messageTo(connector)),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  test.each([
    [
      { messageText: `{"text":"${'x'.repeat(131_072)}"}` },
      'The message has 131083 bytes, and can have at most 131072.',
    ],
    [{ messageText: '[1]' }, 'A message must be a JSON object.'],
    [{ agentName: 'shout' }, /^The connector ".*" is not linked to the agent "shout"\.$/],
  ])('is refused with a sentence: %j', async (given, reason) => {
    const messages = new RunMessages(product.engine, await endedRun(), never);
    const refused = await messages.send(messageTo(await byCode(), given));
    expect(refused).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(reason) });
  });

  test('is refused if its connector delivers results, is limited to other runs, or was deleted', async () => {
    const messages = new RunMessages(product.engine, await endedRun(), never);
    const connector = await byCode();
    const inbound = await product.connect('inbound', []);
    const change = (patch: Parameters<typeof changeConnector>[3]) =>
      changeConnector(product.engine, 'tester', connector.id, patch);
    await change({ config: { from_connectors: [inbound.id] } });
    expect(await idOf(messages, messageTo(connector))).toMatch(/does not deliver for runs of the connector/);
    expect(await sendTargets(product.engine, await endedRun(), 'echo')).not.toContainEqual(
      expect.objectContaining({ connectorId: connector.id }),
    );
    await change({ config: { from_connectors: null }, delivery: 'automatic' });
    expect(await idOf(messages, messageTo(connector))).toMatch(
      /^The connector ".*" delivers results, and no messages\.$/,
    );
    await deleteConnector(product.engine, 'tester', connector.id);
    expect(await idOf(messages, messageTo(connector))).toBe('The connector was deleted.');
  });

  test('is filtered by the condition of the connector, which reads it as "output"', async () => {
    const connector = await byCode();
    const filter = 'output.order > 1 and input.total == 5';
    await changeConnector(product.engine, 'tester', connector.id, { filter });
    const messages = new RunMessages(product.engine, await endedRun(), never);
    expect(await messages.send(messageTo(connector))).toMatchObject({
      outcome: 'filtered',
      reason: expect.stringMatching(/^The filter of the connector /),
    });
    expect(await messages.send(messageTo(connector, { messageText: '{"order":2}' }))).toMatchObject({
      outcome: 'sent',
    });
  });

  test('is refused after a hundred others of its run', async () => {
    const connector = await byCode();
    const messages = new RunMessages(product.engine, await endedRun(), never);
    for (let occurrence = 0; occurrence < maxMessagesPerRun; occurrence++) {
      expect(await messages.send(messageTo(connector, { occurrence }))).toMatchObject({ outcome: 'sent' });
    }
    expect(await idOf(messages, messageTo(connector, { occurrence: maxMessagesPerRun }))).toBe(
      'A run can send at most 100 messages, and this one has sent as many.',
    );
  });
});

describe('a connector by choice', () => {
  const draft = { type: 'webhook', mode: 'outbound', config: { url: 'https://example.com' } } as const;
  const create = async (name: string) => {
    const agents = ['storyteller'];
    const created = await createConnector(product.engine, 'tester', {
      ...draft,
      name,
      agents,
      delivery: 'tool',
    });
    if (created.outcome === 'refused') throw new Error(created.detail);
    return created.connector;
  };

  test('has a tool name of its own, whatever its name is', async () => {
    const made = [
      await create('Größe & Maß'),
      await create('grosse mass'),
      await create('Große Maß'),
      await create('受注'),
    ];
    const targets = await sendTargets(product.engine, await endedRun(), 'storyteller');
    const last = made.at(-1)?.id.slice(-8);
    expect(targets.map(({ toolName }) => toolName)).toEqual([
      'send_to_gro_e_ma',
      'send_to_grosse_mass',
      'send_to_gro_e_ma_2',
      `send_to_${last}`,
    ]);
    for (const { id } of made) await deleteConnector(product.engine, 'tester', id);
  });

  test('is refused for agents that cannot call a tool, whenever they are linked', async () => {
    const refused = { outcome: 'refused', reason: 'invalid-request' };
    const problem = (field: string) => ({
      ...refused,
      problems: [
        { field, message: 'The agent "echo" has no model that could call a tool. Use the delivery "code".' },
      ],
    });
    const { engine } = product;
    const made = await createConnector(engine, 'tester', {
      ...draft,
      name: 'a',
      agents: ['echo'],
      delivery: 'tool',
    });
    expect(made).toMatchObject(problem('agents.0'));
    const connector = await byCode();
    expect(await changeConnector(engine, 'tester', connector.id, { delivery: 'tool' })).toMatchObject(
      problem('agents.0'),
    );
    await changeConnector(engine, 'tester', connector.id, { agents: [], delivery: 'tool' });
    expect(await linkAgent(engine, 'tester', connector.id, 'echo')).toMatchObject(problem('agent'));
    expect(await changeConnector(engine, 'tester', connector.id, { agents: ['pipeline'] })).toMatchObject({
      problems: [
        { message: expect.stringContaining('Link the steps that have a model, or use the delivery "code".') },
      ],
    });
  });

  test('must be outbound', async () => {
    const inbound = {
      name: 'b',
      type: 'webhook',
      mode: 'inbound',
      config: {},
      agents: [],
      delivery: 'code',
    } as const;
    expect(await createConnector(product.engine, 'tester', inbound)).toMatchObject({
      problems: [{ field: 'delivery', message: 'can be set only for outbound connectors' }],
    });
  });
});
