import { hash } from 'node:crypto';

// How Twilio signs requests: twilio.com/docs/usage/webhooks/webhooks-security, "Validating signatures from Twilio".

/** The parameters of a form: every value of every name. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

/** The parameters of a form that this product writes. @param body as `URLSearchParams` writes it */
export function parametersOf(body: string): Parameters {
  const form = new URLSearchParams(body);
  return new Map([...form.keys()].map((name) => [name, form.getAll(name)]));
}

/** The signed text of a form: names and values, sorted by name, each value of a name once. */
export function parametersText(parameters: Parameters): string {
  const sorted = [...parameters].sort(([one], [other]) => (one < other ? -1 : 1));
  const texts = sorted.flatMap(([name, values]) => [...new Set(values)].sort().map((value) => name + value));
  return texts.join('');
}

const hashParameter = 'bodySHA256';

/** The URL to send a body that is not a form to: its query contains the hash of the body. */
export function urlWithHash(url: string, body: string | Uint8Array): string {
  return `${url}${url.includes('?') ? '&' : '?'}${hashParameter}=${hash('sha256', body, 'hex')}`;
}

/** Whether the signature covers the body: by the parameters of a form, or by the hash in the URL. */
export function isCovered(request: {
  readonly url?: string;
  readonly body: Uint8Array;
  readonly parameters?: Parameters;
}): boolean {
  if (request.parameters !== undefined) return true;
  const { searchParams } = new URL(request.url ?? 'about:blank');
  return searchParams.get(hashParameter) === hash('sha256', request.body, 'hex');
}

/** Twilio signs some URLs with the usual port and some without. */
export function withAndWithoutPort(url = ''): readonly string[] {
  const parts = /^(https?):\/\/([^/?#:]+)(:\d+)?(.*)$/.exec(url);
  if (parts === null) return [url];
  const [, scheme, host, port, rest = ''] = parts;
  const usualPort = scheme === 'https' ? ':443' : ':80';
  return [url, `${scheme}://${host}${port === undefined ? usualPort : ''}${rest}`];
}
