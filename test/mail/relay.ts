import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Passes connections to a port on to another one. */
export interface Relay {
  /** Breaks off every connection. */
  cut(): void;
  close(): void;
}

export async function openRelay(port: number, innerPort: number): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((outer) => {
    const inner = connect(innerPort, '127.0.0.1');
    for (const [socket, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      open.add(socket);
      socket.pipe(other);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
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
