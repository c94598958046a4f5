import { type Answer, readAnswer } from './operator.ts';

/** Where a sender posts to, and what it knows of it. */
export interface Address {
  readonly url?: string | null | undefined;
  readonly secret: string;
}

export interface Post {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData | URLSearchParams;
  /** Added to the connector's URL. */
  readonly query?: string;
}

/** Sends one request to a connector, with nothing but what is given. */
export async function sendRaw(address: Pick<Address, 'url'>, post: Post): Promise<Answer> {
  return readAnswer(await open(address, post));
}

/** Sends one request with the connector's secret in its preferred header. */
export function send(address: Address, post: Post): Promise<Answer> {
  return sendRaw(address, { ...post, headers: { 'x-connic-secret': address.secret, ...post.headers } });
}

/** Sends a JSON value with the connector's secret. */
export function sendJson(address: Address, value: unknown, headers: Record<string, string> = {}) {
  return send(address, {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  });
}

/** Sends a JSON value and hands over the answer while it is still coming. */
export function openStream(address: Address, value: unknown): Promise<Response> {
  return open(address, {
    headers: {
      'x-connic-secret': address.secret,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify(value),
  });
}

function open(address: Pick<Address, 'url'>, post: Post): Promise<Response> {
  if (!address.url) throw new Error('The connector has no URL.');
  const { query = '', method = 'POST', headers = {}, body } = post;
  return fetch(`${address.url}${query}`, { method, headers, ...(body === undefined ? {} : { body }) });
}
