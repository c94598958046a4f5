import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import { listen } from '../../../src/server/listen.ts';
import { reservedPort } from '../reserved-port.ts';

/** Stands before the deployed API, which fakecloud knows by its host name only. */
export interface ApiFront {
  /** Known before the deployment; without a slash at the end. */
  readonly url: string;
  /** Whose requests it passes on. @param apiUrl as the stack's output says it */
  open(apiUrl: string): void;
  stop(): Promise<void>;
}

/** @param endpoint of the account */
export async function startApiFront(endpoint: string): Promise<ApiFront> {
  let host = '';
  const server = createServer((request, response) => passOn(endpoint, host, request, response));
  const url = await listen(server, '127.0.0.1', await reservedPort());
  return {
    url: `${url}/prod`,
    open(apiUrl) {
      ({ host } = new URL(apiUrl));
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passOn(endpoint: string, host: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '/' } = request;
  const passed = openRequest(new URL(url, endpoint), { method, headers: { ...headers, host } });
  passed.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  request.pipe(passed);
}
