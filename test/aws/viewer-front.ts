import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type LocalServer, serveLocally } from '../local-server.ts';
import type { Ministack } from './ministack.ts';

/**
 * What a browser opens instead of a distribution's own address. The exception `cloudfront-origins` (see `exceptions.ts`): stands before the emulator's CloudFront, under a name that a
 * browser finds, and says that TLS ended here.
 *
 * @param distributionUrl `https://<label>.cloudfront.net`
 */
export function startViewerFront(account: Ministack, distributionUrl: string): Promise<LocalServer> {
  const { host } = new URL(distributionUrl);
  return serveLocally((viewer, answer) => passOn(account, host, viewer, answer));
}

function passOn(
  { endpoint }: Ministack,
  host: string,
  viewer: IncomingMessage,
  answer: ServerResponse,
): void {
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
