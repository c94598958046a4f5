import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Passes connections to a port on to another one. */
export interface Relay {
  /** Breaks off every connection. */
  cut(): void;
  close(): void;
}

/** What a relay does to a connection without TLS. */
export interface Trouble {
  /** How much the server may send in a second, in bytes. */
  readonly bytesPerSecond?: number;
  /** What the server answers to a command in place of its own answer; `null` where it may answer. */
  answer?(command: string): string | null;
}

export async function openRelay(port: number, innerPort: number, trouble: Trouble = {}): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((outer) => {
    const inner = connect(innerPort, '127.0.0.1');
    for (const [socket, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    passOnCommands(outer, inner, trouble);
    if (trouble.bytesPerSecond === undefined) inner.pipe(outer);
    else void trickle(inner, outer, trouble.bytesPerSecond).catch(() => undefined);
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    cut,
    close() {
      server.close();
      cut();
    },
  };
}

function passOnCommands(outer: Socket, inner: Socket, { answer }: Trouble): void {
  if (answer === undefined) {
    outer.pipe(inner);
    return;
  }
  outer.on('data', (sent) => {
    const own = answer(sent.toString('latin1'));
    if (own === null) inner.write(sent);
    else outer.write(own);
  });
}

async function trickle(from: Socket, to: Socket, bytesPerSecond: number): Promise<void> {
  for await (const piece of from) {
    to.write(piece);
    await sleep((1_000 * piece.length) / bytesPerSecond);
  }
}
