import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Ministack } from './ministack.ts';

/** What a browser opens instead of a distribution's own address. */
export interface ViewerFront {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The exception `cloudfront-origins` (see `exceptions.ts`): stands before the emulator's CloudFront, under a name that a
 * browser finds, and says that TLS ended here. Events are refused, as by something that lets no streams through.
 *
 * @param distributionUrl `https://<label>.cloudfront.net`
 */
export async function startViewerFront(account: Ministack, distributionUrl: string): Promise<ViewerFront> {
  const { host } = new URL(distributionUrl);
  const server = createServer((viewer, answer) => passOn(account, host, viewer, answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function passOn(
  { endpoint }: Ministack,
  host: string,
  viewer: IncomingMessage,
  answer: ServerResponse,
): void {
  if (viewer.url === '/api/v1/events') {
    answer.writeHead(504).end();
    return;
  }
  const { url: path = '/', method, headers } = viewer;
  const sent = request(
    new URL(path, endpoint),
    { method, headers: { ...headers, host, 'x-forwarded-proto': 'https' } },
    (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    },
  );
  sent.on('error', () => answer.destroy());
  viewer.pipe(sent);
}
