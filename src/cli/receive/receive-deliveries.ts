import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { messageOf } from '../../core/errors.ts';
import { listen } from '../../server/listen.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';

export interface DeliveryReceiver {
  /** Without a trailing slash. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Receives deliveries on this machine as a real receiver would: accepts those signed with the secret, refuses all
 * others, and prints each.
 *
 * @throws PermanentError if the port cannot be used
 */
export async function receiveDeliveries(
  secret: string,
  port: number,
  output: Output,
): Promise<DeliveryReceiver> {
  const webhook = new Webhook(secret);
  const server = createServer((request, response) => {
    receive(webhook, request, response, output).catch(() => response.destroy());
  });
  const url = await listen(server, '127.0.0.1', port);
  return {
    url,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(
  webhook: Webhook,
  request: IncomingMessage,
  response: ServerResponse,
  output: Output,
): Promise<void> {
  const body = (await buffer(request)).toString('utf8');
  const id = String(request.headers['webhook-id'] ?? '-');
  const error = signatureError(webhook, body, request);
  const received = { verified: error === null, webhook_id: id, body, error };
  output.line(received, (paint) =>
    error === null
      ? `${paint.green('verified')}  ${printable(id)}  ${printable(body)}`
      : `${paint.red('refused')}  ${printable(id)}  ${printable(error)}`,
  );
  response.writeHead(error === null ? 200 : 401).end();
}

/** Why a request is not genuine; `null` if it is. */
function signatureError(webhook: Webhook, body: string, { headers }: IncomingMessage): string | null {
  const given = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  try {
    webhook.verify(body, Object.fromEntries(given));
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
