import { request } from 'node:http';
import { type LocalServer, serveLocally } from '../local-server.ts';

/** How a service of AWS treats whoever calls it. */
export type Treatment =
  /** As the account behind it does. */
  | 'pass'
  /** It cannot be reached: connections break off. */
  | 'away'
  /** It knows no such access key (SQS API reference, "Common error types"). */
  | 'denies';

/** Stands before an emulated account, which neither goes away nor looks at credentials. */
export interface QueueFront {
  readonly url: string;
  treatment: Treatment;
  stop(): Promise<void>;
}

const denial = {
  __type: 'com.amazonaws.sqs#InvalidClientTokenId',
  message: 'The security token included in the request is invalid.',
};

/** @param account the emulated account */
export async function startQueueFront(account: string): Promise<QueueFront> {
  const server: LocalServer = await serveLocally((incoming, response) => {
    if (front.treatment === 'away') return void incoming.destroy();
    if (front.treatment === 'denies') {
      response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
      return void response.end(JSON.stringify(denial));
    }
    const { method, url = '/', headers } = incoming;
    const passed = request(new URL(url, account), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.once('error', () => response.destroy());
    response.once('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  const front: QueueFront = { url: server.url, treatment: 'pass', stop: server.stop };
  return front;
}
