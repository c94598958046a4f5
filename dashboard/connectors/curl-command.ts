import type { WireSampleRequest } from '../../src/api/contract/connector.ts';

/** Stands for the secret in the API's sample requests. */
const placeholder = '$SECRET';

/** Whether a request carries the connector's secret. */
export function carriesSecret({ url, headers }: WireSampleRequest): boolean {
  return [url, ...Object.values(headers)].some((text) => text.includes(placeholder));
}

/** The request with the secret filled in. */
export function withSecret(request: WireSampleRequest, secret: string): WireSampleRequest {
  const filled = (text: string) => text.replaceAll(placeholder, secret);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, filled(value)]);
  return { ...request, url: filled(request.url), headers: Object.fromEntries(headers) };
}

/** A request as a `curl` command. The shell's `$SECRET` supplies a secret that is not filled in. */
export function curlCommand({ method, url, headers, body }: WireSampleRequest): string {
  const parts = [
    `curl ${url.includes(placeholder) ? `"${url}"` : url}`,
    ...(body === null && method !== 'GET' ? [`-X ${method}`] : []),
    ...credentialsFirst(headers).map(([name, value]) => `-H "${headerName(name)}: ${value}"`),
    ...(body === null ? [] : [`-d ${quoted(body)}`]),
  ];
  return parts.join(' \\\n  ');
}

/** The command that opens a connection and sends a message, for a connector that is not called by requests. */
export function sendCommand(name: string, payload: unknown): string {
  return `npx connectors send ${quoted(name)} ${quoted(JSON.stringify(payload))}`;
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function credentialsFirst(headers: WireSampleRequest['headers']): [string, string][] {
  const isContent = ([name]: [string, string]) => name.startsWith('content-');
  return Object.entries(headers).sort((one, other) => Number(isContent(one)) - Number(isContent(other)));
}

/** The usual spelling of a header: `X-Api-Key` for `x-api-key`. */
function headerName(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (part) => part.toUpperCase());
}
