import { createServer as createHttpServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { serveSockets } from '../../../test/connectors/socket-server.ts';
import { probe } from './probe.ts';

const context = { secrets: { password: 'a long password' }, signal: new AbortController().signal };
const topic = 'orders';
const clusterArn = 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b2c3d-1';

describe('trying a connection to Kafka', () => {
  test('says that a broker refuses it', async () => {
    expect(await probe({ bootstrap_servers: '127.0.0.1:1', topic }, context)).toEqual({
      outcome: 'failed',
      error: 'The broker refused the connection.',
    });
  });

  test('says that a host is not known', async () => {
    const probed = await probe({ bootstrap_servers: 'no-such-host.invalid:9092', topic }, context);
    expect(probed).toEqual({
      outcome: 'failed',
      error: expect.stringMatching(/^The broker's host name (is not known|could not be looked up)\.$/),
    });
  });

  test('asks MSK for the brokers of a cluster', async () => {
    const asked: unknown[] = [];
    const msk = createHttpServer((request, response) => {
      asked.push(decodeURIComponent(request.url ?? ''));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ bootstrapBrokerStringSaslIam: '127.0.0.1:1' }));
    });
    await new Promise<void>((resolve) => msk.listen(0, '127.0.0.1', resolve));
    const before = { ...process.env };
    const { port } = listening.parse(msk.address());
    const environment = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_ACCESS_KEY_ID: 'a' };
    Object.assign(process.env, environment, { AWS_SECRET_ACCESS_KEY: 'b' });
    const cluster = { cluster_arn: clusterArn, security_protocol: 'SASL_SSL', sasl_mechanism: 'IAM' };
    const probed = await probe({ ...cluster, topic }, context).finally(() => {
      process.env = before;
      msk.close();
    });
    expect(asked[0]).toBe(`/v1/clusters/${clusterArn}/bootstrap-brokers`);
    expect(probed).toEqual({ outcome: 'failed', error: 'The broker refused the connection.' });
  });

  test('gives up on brokers that take the connection and say nothing', async () => {
    const silent = await serveSockets((socket) => socket.resume());
    expect(await probe({ bootstrap_servers: silent.address, topic }, context, 200)).toEqual({
      outcome: 'failed',
      error: 'The brokers did not answer within 0.2 seconds.',
    });
    silent.close();
  });

  test('says that what answers is no TLS, and never the password', async () => {
    const plain = await serveSockets((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const sasl = { security_protocol: 'SASL_SSL', sasl_mechanism: 'PLAIN', username: 'agents' };
    const probed = await probe({ bootstrap_servers: plain.address, topic, ...sasl }, context);
    plain.close();
    expect(probed).toEqual({
      outcome: 'failed',
      error: expect.stringMatching(/^A secure connection to the broker could not be made \(/),
    });
    expect(JSON.stringify(probed)).not.toContain('a long password');
  });
});

const listening = z.object({ port: z.number() });
