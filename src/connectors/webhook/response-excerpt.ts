import type { Dispatcher } from 'undici';

const excerptCharacters = 1_000;

/** Room for characters of four bytes each. */
const excerptBytes = 4 * excerptCharacters;

/**
 * The first 1,000 characters of what a receiver answered, or as many as came before it broke off; `null` where there
 * are none. The rest is never read.
 *
 * @param confidential texts that receivers may echo and no record may hold
 */
export async function responseExcerpt(
  body: Dispatcher.ResponseData['body'],
  confidential: readonly string[],
): Promise<string | null> {
  const bytes = await firstBytes(body);
  let text = new TextDecoder().decode(bytes);
  for (const secret of confidential) text = text.replaceAll(secret, '[hidden]');
  return text === '' ? null : text.slice(0, excerptCharacters);
}

async function firstBytes(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= excerptBytes) break;
    }
  } catch {
    // The status has come, and decides; what is missing here is only text for a person.
  }
  return Buffer.concat(chunks).subarray(0, excerptBytes);
}
