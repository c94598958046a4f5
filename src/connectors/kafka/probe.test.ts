import { createServer as createHttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { serveSockets } from '../../../test/connectors/socket-server.ts';
import { hostProblem } from '../../net/target-guard.ts';
import { brokerTargets } from './kafka-client.ts';
import { probe } from './probe.ts';

const context = {
  secrets: { password: 'a long password' },
  signal: new AbortController().signal,
  allowPrivateTargets: true,
};
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
      error: expect.stringMatching(
        /^The (broker.s host name cannot be resolved|lookup of the broker.s host name failed)\.$/,
      ),
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
      error: 'The brokers did not respond within 0.2 seconds.',
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
      error: expect.stringMatching(/^The TLS connection to the broker failed \(/),
    });
    expect(JSON.stringify(probed)).not.toContain('a long password');
  });
});

describe('a broker that is not public', () => {
  const strict = { ...context, allowPrivateTargets: false };
  const notAllowed = 'a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.';

  test('is not connected to where the operator does not allow it', async () => {
    let connections = 0;
    const broker = await serveSockets(() => connections++);
    for (const server of [broker.address, broker.address.replace('127.0.0.1', 'localhost')]) {
      const host = server.split(':')[0];
      expect(await probe({ bootstrap_servers: server, topic }, strict)).toEqual({
        outcome: 'failed',
        error: `The host "${host}" has ${notAllowed}`,
      });
    }
    expect(connections).toBe(0);
    broker.close();
  });

  test('is not connected to where another broker names it', async () => {
    const broker = await serveSockets((socket) => answerMetadata(socket, '127.0.0.2', 9_092));
    const listed = { ...context, allowPrivateTargets: ['127.0.0.1/32'] };
    expect(await probe({ bootstrap_servers: broker.address, topic }, listed)).toEqual({
      outcome: 'failed',
      error: `The host "127.0.0.2" has ${notAllowed}`,
    });
    broker.close();
  });

  test('may be one of an MSK cluster, but never this machine', () => {
    const cluster = { cluster_arn: clusterArn, security_protocol: 'SSL' } as const;
    const targets = brokerTargets(cluster, false);
    expect(hostProblem('10.0.3.4', targets)).toBeNull();
    expect(hostProblem('127.0.0.1', targets)).toContain(notAllowed);
    expect(brokerTargets({ bootstrap_servers: '10.0.3.4:9092', security_protocol: 'SSL' }, false)).toBe(
      false,
    );
  });
});

/**
 * Answers as a broker with one topic, in the first protocol versions: the supported versions, and the brokers'
 * addresses.
 */
function answerMetadata(socket: Socket, host: string, port: number): void {
  const apiVersions = 18;
  socket.on('data', (request: Buffer) => {
    const isVersions = request.readInt16BE(4) === apiVersions;
    const body = isVersions ? versionsAnswer() : metadataAnswer(host, port);
    socket.write(Buffer.concat([int32(4 + body.length), request.subarray(8, 12), body]));
  });
}

/** Supports only metadata in version 1 and API versions in version 0. */
function versionsAnswer(): Buffer {
  return Buffer.concat([int16(0), int32(2), ...[3, 1, 1, 18, 0, 0].map(int16)]);
}

/** One broker that controls the cluster and leads the topic's only partition. */
function metadataAnswer(host: string, port: number): Buffer {
  const broker = [int32(1), int32(1), text(host), int32(port), int16(-1), int32(1)];
  const partition = [int32(1), int16(0), int32(0), int32(1), int32(1), int32(1), int32(1), int32(1)];
  return Buffer.concat([...broker, int32(1), int16(0), text(topic), Buffer.from([0]), ...partition]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(value.length), Buffer.from(value)]);
}

const listening = z.object({ port: z.number() });
