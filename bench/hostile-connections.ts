import { connect, type Socket } from 'node:net';
import * as z from 'zod';

// A process that holds connections which are a burden, and opens each again when it is closed, until it is killed.

const wanted = z.object({
  url: z.url(),
  connections: z.int(),
  /** A whole HTTP request, as it is sent. */
  request: z.string(),
  /**
   * `pipeline`: sends on without waiting for answers. `ask`: sends the next one when it is answered. `stall`: sends one and reads
   * nothing of its answer.
   */
  habit: z.enum(['pipeline', 'ask', 'stall']),
});
export type HostileConnections = Omit<z.infer<typeof wanted>, 'url'>;

// `on` and not `once`: connections that read nothing do not keep a process alive, its channel does.
process.on('message', (message) => {
  const { url, connections, request, habit } = wanted.parse(message);
  const { hostname, port } = new URL(url);
  const behave = habits[habit];
  let connected = 0;
  const open = () => {
    const socket = connect(Number(port), hostname, () => {
      behave(socket, request);
      if (++connected === connections) process.send?.('ready');
    });
    socket.on('error', () => undefined).once('close', open);
  };
  for (let count = 0; count < connections; count++) open();
});

/** Requests that are written at a time. */
const pipelined = 50;

const habits = {
  pipeline(socket: Socket, request: string) {
    const many = request.repeat(pipelined);
    const send = () => socket.write(many, send);
    socket.resume();
    send();
  },
  ask(socket: Socket, request: string) {
    let rest = 0;
    const send = () => socket.write(request);
    socket.on('data', (piece) => {
      if (rest === 0) rest = lengthOf(piece);
      rest -= piece.length;
      if (rest <= 0) {
        rest = 0;
        send();
      }
    });
    send();
  },
  stall(socket: Socket, request: string) {
    socket.pause();
    socket.write(request);
  },
};

/** Of an answer that begins with `piece`, its head included. */
function lengthOf(piece: Buffer): number {
  const headEnd = piece.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/i.exec(piece.toString('latin1', 0, headEnd))?.[1];
  return headEnd + 4 + Number(length ?? 0);
}
