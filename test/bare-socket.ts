import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A bare connection, for what no HTTP client would send; `received` is all that came back so far. */
export async function openSocket(url: string): Promise<{ socket: Socket; received: () => string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  await once(socket, 'connect');
  return { socket, received: () => text };
}
