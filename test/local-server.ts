import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { listen } from '../src/server/listen.ts';

/** A server of a test's own. */
export interface LocalServer {
  /** Without a trailing slash. */
  readonly url: string;
  /** Ends every connection, whatever goes on there. */
  stop(): Promise<void>;
}

/** Serves on this machine only, at a free port. */
export async function serveLocally(listener: RequestListener): Promise<LocalServer> {
  const server = createServer(listener);
  const url = await listen(server, '127.0.0.1', 0);
  return {
    url,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
