import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { guardedRequest } from './guarded-request.ts';

/**
 * Gets a short text from an allowed URL.
 *
 * @param maxBytes reading stops beyond this
 * @throws BlockedTarget if the URL, or an address that its host resolves to, is not allowed
 * @throws Error if the response is not 200 or is longer
 */
export async function guardedText(
  url: string,
  privateTargets: PrivateTargets,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const answer = await guardedRequest({ method: 'GET', url, headers: {} }, privateTargets, signal);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  if (answer.statusCode !== 200) throw new Error(`The server responded with ${answer.statusCode}.`);
  if (length > maxBytes) throw new Error(`The response has more than ${maxBytes} bytes.`);
  return Buffer.concat(chunks).toString();
}
