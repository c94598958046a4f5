import { connect, type Socket } from 'node:net';
import * as z from 'zod';

// A process that holds burdensome connections and reopens each one that closes, until it is killed.

const wanted = z.object({
  url: z.url(),
  connections: z.int(),
  /** A whole HTTP request as sent. */
  request: z.string(),
  /**
   * `pipeline` keeps sending without waiting for answers. `ask` sends the next request after each answer. `stall` sends
   * one and never reads its answer.
   */
  habit: z.enum(['pipeline', 'ask', 'stall']),
});
export type HostileConnections = Omit<z.infer<typeof wanted>, 'url'>;

// `on`, not `once`: connections that read nothing do not keep the process alive, but the channel does.
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

/** Requests per write. */
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

/** Length of an answer that starts with `piece`, including its head. */
function lengthOf(piece: Buffer): number {
  const headEnd = piece.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/i.exec(piece.toString('latin1', 0, headEnd))?.[1];
  return headEnd + 4 + Number(length ?? 0);
}
