import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from '../scenarios/eventually.ts';
import * as wire from '../scenarios/wire.ts';
import { brokerUser } from './broker.ts';
import { createKafka, endedRuns, stateOf, stateWhen } from './kafka-connectors.ts';
import { useKafka } from './kafka-target.ts';

const target = useKafka();
const { operator } = target;

const deadLetter = z.looseObject({
  dead_letter_id: z.string(),
  connector_id: z.string().nullable(),
  source: z.string(),
  reason: z.string(),
  body: z.record(z.string(), z.json()),
});

/** A consumer of everything in a topic that runs `echo`. */
async function consume(topic: string, config: Record<string, unknown> = {}): Promise<string> {
  return createKafka(operator, {
    mode: 'inbound',
    agents: ['echo'],
    config: { ...target.servers, topic, auto_offset_reset: 'earliest', ...config },
  });
}

async function payloadsOf(connectorId: string, count: number): Promise<unknown[]> {
  const runs = await endedRuns(operator, connectorId, count);
  const payloads = await Promise.all(runs.map(async ({ run_id }) => (await operator.run(run_id)).payload));
  const offset = z.looseObject({ _kafka: z.looseObject({ offset: z.int() }) });
  return payloads.toSorted(
    (one, other) => offset.parse(one)._kafka.offset - offset.parse(other)._kafka.offset,
  );
}

describe('a message', () => {
  test('becomes a payload: objects keep their fields, everything else goes under message', async () => {
    const topic = await target.newTopic();
    const timestamp = '1705312800000';
    await target.produce(topic, [
      { key: 'order-12345', value: '{"total": 99.5, "_kafka": "mine"}', timestamp },
      { value: 'shipped', timestamp },
      { value: null, timestamp },
      { value: '[1, 2]', timestamp },
      { value: '', timestamp },
      { key: Buffer.from([0xff, 0x00]), value: '"text"', timestamp },
    ]);
    const connectorId = await consume(topic);
    const metadata = (offset: number, key: string | null) => ({
      _kafka: { topic, partition: 0, offset, timestamp: 1_705_312_800_000, key },
    });
    expect(await payloadsOf(connectorId, 6)).toEqual([
      { total: 99.5, ...metadata(0, 'order-12345') },
      { message: 'shipped', ...metadata(1, null) },
      { message: null, ...metadata(2, null) },
      { message: [1, 2], ...metadata(3, null) },
      { message: '', ...metadata(4, null) },
      { message: 'text', _kafka: { ...metadata(5, '/wA=')._kafka, key_encoding: 'base64' } },
    ]);
  });

  test('triggers all linked agents', async () => {
    const topic = await target.newTopic();
    const connectorId = await createKafka(operator, {
      mode: 'inbound',
      agents: ['echo', 'shout'],
      config: { ...target.servers, topic, auto_offset_reset: 'earliest' },
    });
    await target.produce(topic, [{ value: '{"message": "hello"}' }]);
    const runs = await endedRuns(operator, connectorId, 2);
    expect(runs.map(({ agent_name }) => agent_name).sort()).toEqual(['echo', 'shout']);
    expect(new Set(runs.map(({ trigger_id }) => trigger_id)).size).toBe(1);
  });

  test.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'is read where the topic compresses with %s',
    async (compression) => {
      const topic = `compressed-${compression}`;
      await target.broker.createTopic(topic, 1, { 'compression.type': compression });
      const values = Array.from(
        { length: 5 },
        (_, number) => `${number} ${'much of the same '.repeat(9_000)}`,
      );
      await target.produce(
        topic,
        values.map((value) => ({ value })),
      );
      const connectorId = await consume(topic);
      expect(await payloadsOf(connectorId, 5)).toMatchObject(values.map((message) => ({ message })));
    },
  );

  test('that cannot be read goes to the dead letters with its coordinates, and the partition goes on', async () => {
    const topic = await target.newTopic();
    const poison = Buffer.from([0xff, 0xfe, 0xfd]);
    await target.produce(topic, [{ value: 'before' }, { key: 'k', value: poison }, { value: 'after' }]);
    const connectorId = await consume(topic);
    expect(await payloadsOf(connectorId, 2)).toMatchObject([{ message: 'before' }, { message: 'after' }]);
    const letters = await operator.all(deadLetter, '/dead-letters');
    const letter = letters.find(({ connector_id }) => connector_id === connectorId);
    expect(letter).toMatchObject({
      source: 'receive-event',
      reason: expect.stringContaining(`message 1 of partition 0 of "${topic}"`),
      body: { type: 'kafka', event: { topic, partition: 0, offset: '1', value: poison.toString('base64') } },
    });
    const retried = await operator.call('POST', `/dead-letters/${letter?.dead_letter_id}/retry`);
    expect(retried.status).toBe(409);
    expect(wire.refusal.parse(retried.json)).toMatchObject({ code: 'not-retryable' });
    expect(await operator.all(deadLetter, '/dead-letters')).toContainEqual(letter);
  });
});

describe('where a new group starts', () => {
  test('latest: messages from its creation on, also those that arrive while it is stopped', async () => {
    const topic = await target.newTopic(2);
    await target.produce(topic, [{ value: 'old', partition: 0 }]);
    const connectorId = await consume(topic, { auto_offset_reset: 'latest' });
    await stateWhen(operator, connectorId, ({ status }) => status === 'running');
    await operator.change(connectorId, { enabled: false });
    await stateWhen(operator, connectorId, ({ status }) => status === 'stopped');
    await target.produce(topic, [{ value: 'while it was away', partition: 1 }]);
    await operator.change(connectorId, { enabled: true });
    await target.produce(topic, [{ value: 'new', partition: 0 }]);
    const payloads = await payloadsOf(connectorId, 2);
    expect(payloads).toContainEqual(expect.objectContaining({ message: 'while it was away' }));
    expect(payloads).toContainEqual(expect.objectContaining({ message: 'new' }));
  });

  test('without agents, messages wait at their source', async () => {
    const topic = await target.newTopic();
    await target.produce(topic, [{ value: 'patient' }]);
    const connectorId = await createKafka(operator, {
      mode: 'inbound',
      agents: [],
      config: { ...target.servers, topic, auto_offset_reset: 'earliest' },
    });
    expect(await stateOf(operator, connectorId)).toMatchObject({ status: 'stopped', connected: false });
    await operator.link(connectorId, 'echo');
    expect(await payloadsOf(connectorId, 1)).toMatchObject([{ message: 'patient' }]);
  });
});

describe('the state', () => {
  test('tells how far each partition was taken, and the lag', async () => {
    const topic = await target.newTopic(2);
    await target.produce(topic, [
      { value: 'a', partition: 0 },
      { value: 'b', partition: 0 },
      { value: 'c', partition: 1 },
    ]);
    const connectorId = await consume(topic);
    await endedRuns(operator, connectorId, 3);
    const state = await stateWhen(operator, connectorId, ({ lag }) => lag === 0);
    expect(state).toMatchObject({
      status: 'running',
      connected: true,
      positions: [
        { stream: 'partition 0', next: 2, end: 2 },
        { stream: 'partition 1', next: 1, end: 1 },
      ],
    });
  });

  test('says that the topic does not exist, and recovers when it is made', async () => {
    const connectorId = await consume('made-later');
    const failing = await stateWhen(operator, connectorId, ({ status }) => status === 'failing');
    expect(failing.last_error?.message).toBe('The topic does not exist.');
    await target.broker.createTopic('made-later');
    await target.produce('made-later', [{ value: 'at last' }]);
    expect(await payloadsOf(connectorId, 1)).toMatchObject([{ message: 'at last' }]);
    const history = await operator.call('GET', `/connectors/${connectorId}/history`);
    expect(history.text).toMatch(/source\.running.*source\.failing/s);
  });
});

describe('security', () => {
  const sasl = (sasl_mechanism: string) => ({ sasl_mechanism, ...brokerUser });
  test.each([
    ['SSL', {}],
    ['SASL_PLAINTEXT', sasl('PLAIN')],
    ['SASL_PLAINTEXT', sasl('SCRAM-SHA-256')],
    ['SASL_SSL', sasl('SCRAM-SHA-512')],
  ] as const)('%s %j', async (protocol, credentials) => {
    const topic = await target.newTopic();
    await target.produce(topic, [{ value: 'secured' }]);
    const connectorId = await consume(topic, {
      bootstrap_servers: target.broker.servers[protocol],
      security_protocol: protocol,
      ...(protocol.endsWith('SSL') ? { ca_certificate: target.broker.caCertificate } : {}),
      ...credentials,
    });
    expect(await payloadsOf(connectorId, 1)).toMatchObject([{ message: 'secured' }]);
    expect((await operator.call('GET', `/connectors/${connectorId}`)).text).not.toContain(
      brokerUser.password,
    );
  });

  test('a wrong password is the state, and is mended by a change of it', async () => {
    const topic = await target.newTopic();
    await target.produce(topic, [{ value: 'secured' }]);
    const connectorId = await consume(topic, {
      bootstrap_servers: target.broker.servers.SASL_PLAINTEXT,
      security_protocol: 'SASL_PLAINTEXT',
      ...sasl('PLAIN'),
      password: 'wrong-password-2b7d',
    });
    const failing = await stateWhen(operator, connectorId, ({ status }) => status === 'failing');
    expect(failing.last_error?.message).toBe('The broker rejected the user name or password.');
    await operator.change(connectorId, { config: { password: brokerUser.password } });
    expect(await payloadsOf(connectorId, 1)).toMatchObject([{ message: 'secured' }]);
    expect(target.product.output()).not.toMatch(/wrong-password-2b7d/);
  });

  test.each([
    [{ security_protocol: 'SASL_SSL' }, /sasl_mechanism.*username.*password/],
    [{ username: 'a' }, /username/],
    [{ bootstrap_servers: 'nowhere' }, /bootstrap_servers/],
    [{ topic: 'no such name' }, /topic/],
    [{ group: 'a' }, /group/],
  ])('%j is refused', async (config, named) => {
    const draft = { name: 'x', type: 'kafka', mode: 'inbound', agents: ['echo'] };
    const body = { ...draft, config: { ...target.servers, topic: 'a', ...config } };
    const answer = await operator.call('POST', '/connectors', body);
    expect(answer.status).toBe(400);
    expect(wire.refusal.parse(answer.json).detail).toMatch(named);
  });
});

test('a connector that is deleted leaves its group', async () => {
  const topic = await target.newTopic();
  const connectorId = await consume(topic, { group_id: 'group-to-leave' });
  await stateWhen(operator, connectorId, ({ status }) => status === 'running');
  await operator.delete(connectorId);
  const admin = target.broker.client.admin();
  await admin.connect();
  await eventually('the group to be empty', async () => {
    const { groups } = await admin.describeGroups(['group-to-leave']);
    return groups[0]?.state === 'Empty';
  });
  await admin.disconnect();
});
