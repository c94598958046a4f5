import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';

/** A bare connection, for what no HTTP client would send; `received` is all that came back so far. */
export async function openSocket(
  url: string,
  options: Pick<NetConnectOpts, 'allowHalfOpen'> = {},
): Promise<{ socket: Socket; received: () => string }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ ...options, port: Number(port), host: hostname });
  let text = '';
  socket.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  await once(socket, 'connect');
  return { socket, received: () => text };
}
