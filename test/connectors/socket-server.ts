import { createServer, type Socket } from 'node:net';
import * as z from 'zod';

const listening = z.object({ port: z.number() });

/** Something that listens where a broker should; `close` ends its connections. */
export async function serveSockets(serve: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    // Whoever has lost patience may be gone.
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = listening.parse(server.address());
  return {
    address: `127.0.0.1:${port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
