import type { Readable } from 'node:stream';
import { hideSecrets } from '../core/redaction/hide-secrets.ts';

const excerptCharacters = 1_000;

/** Enough for characters of four bytes each. */
const excerptBytes = 4 * excerptCharacters;

/**
 * The first 1,000 characters of a receiver's response, or what arrived before it broke off; `null` if empty. The rest
 * is never read.
 *
 * @param credentials that receivers may echo in any form, and no record may contain
 */
export async function responseExcerpt(
  body: Readable,
  credentials: readonly string[],
): Promise<string | null> {
  const { bytes, isCut } = await firstBytes(body);
  if (bytes.length === 0) return null;
  const text = hideSecrets(new TextDecoder().decode(bytes), credentials, isCut);
  return text === '' ? null : text.slice(0, excerptCharacters);
}

async function firstBytes(body: Readable): Promise<{ bytes: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  let isWhole = false;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= excerptBytes) break;
    }
    isWhole = length < excerptBytes;
  } catch {
    // The status has arrived, and decides; only text for a person is missing.
  }
  return { bytes: Buffer.concat(chunks).subarray(0, excerptBytes), isCut: !isWhole };
}
