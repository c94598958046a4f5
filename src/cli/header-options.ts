import { CliFailure } from './cli-failure.ts';

/**
 * Headers given as `Name: value`.
 *
 * @throws CliFailure if one is malformed
 */
export function headersFrom(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const match = /^([^\s:]+):\s*(.*)$/.exec(line);
    if (match === null)
      throw new CliFailure('usage', `"${line}" is not a header. Write it as "Name: value".`);
    headers.set(match[1] ?? '', match[2] ?? '');
  }
  return headers;
}
