import { createServer, type Server } from 'node:net';

/** Below those that systems give to whoever asks for a free one: nobody else takes it in the meantime. */
const [first, last] = [20_000, 29_999];

/** A port of the loopback interface that is free, and stays so until a test listens there. */
export async function reservedPort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * (last - first + 1));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server: Server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
