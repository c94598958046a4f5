import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { serveSockets } from '../../test/connectors/socket-server.ts';
import { guardedConnect, guardedSocket } from './guarded-connect.ts';

describe('a connection that speaks no HTTP', () => {
  test.each(['127.0.0.1', 'localhost'])('reaches %s where the operator allows it', async (host) => {
    const server = await serveSockets((socket) => socket.end('hello'));
    const port = Number(server.address.split(':')[1]);
    const socket = guardedConnect({ host, port, tls: null }, true);
    const [received] = await once(socket, 'data');
    expect(String(received)).toBe('hello');
    server.close();
  });

  test.each([null, {}])('never reaches an address that is not allowed (TLS: %j)', async (tls) => {
    let connections = 0;
    const server = await serveSockets(() => connections++);
    const port = Number(server.address.split(':')[1]);
    for (const host of ['127.0.0.1', '::ffff:127.0.0.1', 'localhost']) {
      const [error] = await once(guardedConnect({ host, port, tls }, ['10.0.0.0/8']), 'error');
      expect(error).toMatchObject({
        code: 'TARGET_NOT_ALLOWED',
        message: `The host "${host}" has a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.`,
      });
    }
    expect(connections).toBe(0);
    server.close();
  });
});

describe('a socket that a client connects', () => {
  test('reaches a host where the operator allows it', async () => {
    const server = await serveSockets((socket) => socket.end('hello'));
    const socket = guardedSocket(true).connect(Number(server.address.split(':')[1]), 'localhost');
    const [received] = await once(socket, 'data');
    expect(String(received)).toBe('hello');
    server.close();
  });

  test.each(['127.0.0.1', 'localhost'])('never reaches %s where that is not allowed', async (host) => {
    let connections = 0;
    const server = await serveSockets(() => connections++);
    const socket = guardedSocket(false);
    const failed = once(socket, 'error');
    socket.connect(Number(server.address.split(':')[1]), host);
    expect((await failed)[0]).toMatchObject({ code: 'TARGET_NOT_ALLOWED' });
    expect(connections).toBe(0);
    server.close();
  });
});
