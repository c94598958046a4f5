import { describe, expect, test } from '@jest/globals';
import { brokerUser } from './broker.ts';
import { useKafka } from './kafka-target.ts';

const target = useKafka();

const tryOut = async (mode: 'inbound' | 'outbound', config: Record<string, unknown>) => {
  const answer = await target.operator.call('POST', '/connector-types/kafka/test', { mode, config });
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain(brokerUser.password);
  return answer.json;
};

const entered = () => ({
  bootstrap_servers: target.broker.servers.SASL_SSL,
  security_protocol: 'SASL_SSL',
  sasl_mechanism: 'SCRAM-SHA-512',
  ca_certificate: target.broker.caCertificate,
  ...brokerUser,
});

describe('a Kafka connection that is tried out before a connector is made of it', () => {
  test.each(['inbound', 'outbound'] as const)('works with TLS and a password: %s', async (mode) => {
    const topic = await target.newTopic(3);
    expect(await tryOut(mode, { ...entered(), topic })).toMatchObject({
      tested: 'connection',
      ok: true,
      detail: `The topic "${topic}" exists, with 3 partitions.`,
      error: null,
    });
  });

  test('with a wrong password says so', async () => {
    const config = { ...entered(), password: 'wrong-password-91ce', topic: await target.newTopic() };
    expect(await tryOut('inbound', config)).toMatchObject({
      ok: false,
      error: 'The broker rejected the user name or password.',
    });
    expect(target.product.output()).not.toContain('wrong-password-91ce');
  });

  test('with a certificate of another authority says so', async () => {
    const { ca_certificate: _, ...config } = entered();
    expect(await tryOut('inbound', { ...config, topic: 'any' })).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^The TLS connection to the broker failed \(.*certificate/),
    });
  });

  test('to a topic that is not there says so, and makes none', async () => {
    const config = { ...target.servers, topic: 'never-made' };
    for (const _ of ['first', 'second']) {
      expect(await tryOut('outbound', config)).toMatchObject({
        ok: false,
        error: 'The topic does not exist.',
      });
    }
    const admin = target.broker.client.admin();
    await admin.connect();
    expect(await admin.listTopics()).not.toContain('never-made');
    await admin.disconnect();
  });
});
