import type { WireSampleRequest } from '../../api/contract/index.ts';
import { secretPlaceholder } from '../../core/connectors/connector-path.ts';
import { printable } from '../printable.ts';

/** A `curl` command that sends a request, in any POSIX shell. */
export function curlCommand({ method, url, headers, body }: WireSampleRequest, secret: string): string {
  const filled = (text: string) => shellWord(text.replaceAll(secretPlaceholder, () => secret));
  return [
    `curl ${filled(url)}`,
    ...(body === null && method !== 'GET' ? [`-X ${method}`] : []),
    ...credentialsFirst(headers).map(([name, value]) => `-H ${filled(`${headerName(name)}: ${value}`)}`),
    ...(body === null ? [] : [`-d ${filled(body)}`]),
  ].join(' \\\n     ');
}

function credentialsFirst(headers: Readonly<Record<string, string>>): [string, string][] {
  const isContent = ([name]: [string, string]) => name.startsWith('content-');
  return Object.entries(headers).sort((one, other) => Number(isContent(one)) - Number(isContent(other)));
}

/** `x-api-key` in its usual spelling: `X-Api-Key`. */
function headerName(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (part) => part.toUpperCase());
}

/** A name as one word of a command to copy, without characters that a terminal obeys. */
export function shellName(name: string): string {
  return shellWord(printable(name));
}

/** A text as one word of a POSIX shell, quoted if the shell would interpret it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
