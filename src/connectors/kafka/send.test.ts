import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serveSockets } from '../../../test/connectors/socket-server.ts';
import type { KafkaMessage } from './prepare.ts';
import { closeProducers } from './producers.ts';
import { send } from './send.ts';

describe('a message to brokers that take the connection and say nothing', () => {
  let silent: Awaited<ReturnType<typeof serveSockets>>;
  let message: KafkaMessage;

  beforeAll(async () => {
    silent = await serveSockets((socket) => socket.resume());
    message = {
      connection: { bootstrap_servers: silent.address, security_protocol: 'PLAINTEXT' },
      password: undefined,
      topic: 'orders',
      key: Buffer.from('A-1'),
      value: '{}',
      headers: {},
    };
  });
  afterAll(async () => {
    silent.close();
    await closeProducers();
  });

  const context = (signal: AbortSignal) => ({ signal, allowPrivateTargets: true, secrets: [] });

  test('is given up after a while, and may be sent again', async () => {
    expect(await send(message, context(new AbortController().signal), 200)).toMatchObject({
      outcome: 'failed',
      error: 'The brokers did not acknowledge the message within 0.2 seconds.',
    });
  });

  test('is given up when the process stops, before or meanwhile', async () => {
    const stopped = {
      outcome: 'failed',
      error: 'The process stopped before the brokers acknowledged the message.',
    };
    expect(await send(message, context(AbortSignal.abort()))).toMatchObject(stopped);
    const stopping = new AbortController();
    const sent = send(message, context(stopping.signal));
    stopping.abort();
    expect(await sent).toMatchObject(stopped);
  });
});
