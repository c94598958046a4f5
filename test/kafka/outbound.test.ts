import { describe, expect, test } from '@jest/globals';
import * as wire from '../scenarios/wire.ts';
import { createKafka, endedRuns } from './kafka-connectors.ts';
import { useKafka } from './kafka-target.ts';
import { readTopic } from './read-topic.ts';

const target = useKafka();
const { operator } = target;

async function deliverTo(topic: string, agent: string, config: Record<string, unknown> = {}) {
  return createKafka(operator, {
    mode: 'outbound',
    agents: [agent],
    config: { ...target.servers, topic, ...config },
  });
}

async function flow(agent: string) {
  const [from, to] = [await target.newTopic(3), await target.newTopic(3)];
  const config = { ...target.servers, topic: from, auto_offset_reset: 'earliest' };
  const inbound = await createKafka(operator, { mode: 'inbound', agents: [agent], config });
  const outbound = await deliverTo(to, agent, { from_connectors: [inbound] });
  return { from, to, inbound, outbound };
}

describe('a result', () => {
  test('is the run envelope under the key of the message that it came from, byte for byte', async () => {
    const { from, to, inbound } = await flow('shout');
    const keys = [Buffer.from('order-12345'), Buffer.from([0xff, 0x00, 0x9c])];
    await target.produce(from, [
      ...keys.map((key) => ({ key, value: '{"message": "hello"}' })),
      { value: '{"message": "hello"}' },
    ]);
    const records = await readTopic(target.broker, to, 3);
    const runs = await endedRuns(operator, inbound, 3);
    const envelopes = records.map(({ value }) => wire.runEnvelope.parse(JSON.parse(value)));
    expect(envelopes.map(({ run_id }) => run_id).sort()).toEqual(runs.map(({ run_id }) => run_id).sort());
    expect(envelopes).toEqual(
      envelopes.map(() =>
        expect.objectContaining({ status: 'completed', output: 'HELLO', agent_name: 'shout' }),
      ),
    );
    for (const key of keys) expect(records.filter((record) => record.key?.equals(key))).toHaveLength(1);
    const unkeyed = records.find(({ key }) => !keys.some((known) => key?.equals(known)));
    const { run_id } = wire.runEnvelope.parse(JSON.parse(unkeyed?.value ?? ''));
    expect(unkeyed?.key?.toString()).toBe(run_id);
  });

  test('of a run that did not come from Kafka has its id as key, and says which delivery it is', async () => {
    const topic = await target.newTopic();
    await deliverTo(topic, 'echo');
    const runId = await operator.startRun('echo', { _kafka: { key: 'forged' }, message: 'by hand' });
    const delivery = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    const [record] = await readTopic(target.broker, topic, 1);
    expect(record?.key?.toString()).toBe(runId);
    expect(record?.headers).toEqual({
      'content-type': 'application/json',
      'delivery-id': delivery.delivery_id,
      'x-connic-chain': expect.any(String),
    });
    expect(delivery.attempts).toEqual([
      expect.objectContaining({ error: null, response_excerpt: 'partition 0, offset 0' }),
    ]);
  });

  test('keeps the order of its key', async () => {
    const { from, to } = await flow('queue-per-order');
    const orders = ['a', 'b', 'c', 'd', 'e'];
    const messages = Array.from({ length: 200 }, (_, number) => {
      const order = orders[number % orders.length] ?? '';
      return { key: order, value: JSON.stringify({ order: { id: order }, number, ms: 1 }) };
    });
    await target.produce(from, messages);
    const records = await readTopic(target.broker, to, messages.length);
    const envelopes = records.map(({ key, value }) => ({
      key: String(key),
      run: wire.runEnvelope.parse(JSON.parse(value)),
    }));
    for (const order of orders) {
      const ofOrder = envelopes.filter(({ key }) => key === order).map(({ run }) => run);
      expect(ofOrder).toHaveLength(messages.length / orders.length);
      expect(ofOrder.map(({ ended_at }) => ended_at)).toEqual(
        ofOrder.map(({ ended_at }) => ended_at).toSorted(),
      );
    }
  });
});

describe('a delivery', () => {
  test('to a topic that does not exist yet is tried again', async () => {
    await deliverTo('result-topic', 'annotate');
    const runId = await operator.startRun('annotate', { message: 'early' });
    const pending = await operator.deliveryOf(runId, ({ attempts }) => attempts.length > 0);
    expect(pending).toMatchObject({ status: 'pending', next_attempt_at: expect.any(String) });
    expect(pending.attempts[0]).toMatchObject({ error: 'The topic does not exist.' });
    await target.broker.createTopic('result-topic');
    const delivered = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    const [last, ...earlier] = delivered.attempts.toReversed();
    expect(last?.error).toBeNull();
    // Whoever is slow to make the topic finds more than one attempt made.
    expect(new Set(earlier.map(({ error }) => error))).toEqual(new Set(['The topic does not exist.']));
    expect(await readTopic(target.broker, 'result-topic', 1)).toHaveLength(1);
  });

  test('that is too large has failed at once, and holds up no other', async () => {
    const topic = await target.newTopic();
    await deliverTo(topic, 'shout');
    const start = (size: number) => operator.startRun('shout', { message: 'x'.repeat(size) });
    const [small, large, after] = await Promise.all([start(1), start(2_000_000), start(2)]);
    const failed = await operator.deliveryOf(large, ({ status }) => status !== 'pending');
    expect(failed).toMatchObject({
      status: 'failed',
      attempts: [{ error: 'The message is larger than the topic allows.' }],
    });
    for (const runId of [small, after]) {
      await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    }
  });

  test('is recorded as tried while the brokers are away; later ones arrive as soon as they are back', async () => {
    const topic = await target.newTopic();
    await deliverTo(topic, 'single-file');
    const early = await operator.startRun('single-file', { message: 'before' });
    await operator.deliveryOf(early, ({ status }) => status === 'delivered');
    await target.broker.stop();
    const meanwhile = await operator.startRun('single-file', { message: 'meanwhile' });
    const tried = await operator.deliveryOf(meanwhile, ({ attempts }) => attempts.length > 0);
    expect(tried).toMatchObject({ status: 'pending', next_attempt_at: expect.any(String) });
    expect(tried.attempts[0]?.error).toMatch(/^The brokers? .*\.$/);
    await target.broker.start();
    const later = await operator.startRun('single-file', { message: 'after' });
    await operator.deliveryOf(later, ({ status }) => status === 'delivered');
  });
});
