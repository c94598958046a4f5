import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import * as z from 'zod';
import { type PrivateTargets, privateTargetsVariable } from '../../../core/connectors/private-targets.ts';
import { messageOf } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json/json-value.ts';
import { guardedRequest } from '../../../net/guarded-request.ts';
import { networkError } from '../../../net/network-error.ts';
import { BlockedTarget } from '../../../net/target-guard.ts';
import type { RunEnvironment } from '../run-scope.ts';

/** A page of text; pages of pictures load them separately. */
const mostBytes = 3_000_000;
const withinMs = 30_000;
/** As in browsers. */
const mostRedirects = 20;

/** Of the text in one result: about 5,000 tokens. */
const usualCharacters = 20_000;

const question = z.object({
  url: z.string(),
  start: z.int().min(0).default(0),
  max_characters: z.int().min(1).default(usualCharacters),
});

/**
 * Reads a web page for a model.
 *
 * @param input fits the parameters of `web_read_page`
 * @returns the page's text, or why there is none
 * @throws an error if `signal` aborts
 */
export async function readPage(
  input: unknown,
  { env }: RunEnvironment,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { url, start, max_characters: length } = question.parse(input);
  const privateTargets = privateTargetsVariable.parse(env['ALLOW_PRIVATE_TARGETS']);
  try {
    const page = await load(url, privateTargets, AbortSignal.any([signal, AbortSignal.timeout(withinMs)]));
    const text = page.text.slice(start, start + length);
    const next = start + text.length;
    return {
      status: 'read',
      url: page.url,
      ...(page.title === null ? {} : { title: page.title }),
      text,
      ...(next < page.text.length ? { next_start: next, characters: page.text.length } : {}),
    };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return { status: 'failed', reason: reasonOf(thrown) };
  }
}

/** Expected: a sentence for the model. */
class Unreadable extends Error {}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof Unreadable || thrown instanceof BlockedTarget) return messageOf(thrown);
  if (isTimeout(thrown)) return `The server took more than ${withinMs / 1_000} s.`;
  return networkError(thrown, 'server');
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError');
}

interface LoadedPage {
  readonly url: string;
  readonly title: string | null;
  readonly text: string;
}

async function load(from: string, privateTargets: PrivateTargets, signal: AbortSignal): Promise<LoadedPage> {
  let url = URL.parse(from)?.href;
  if (url === undefined)
    throw new Unreadable('The URL is not valid: it must be like https://example.com/page.');
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const headers = {
      accept: 'text/html, text/*;q=0.9, application/json;q=0.8',
      'user-agent': 'AgentConnectors',
    };
    const answer = await guardedRequest({ method: 'GET', url, headers }, privateTargets, signal);
    const next = redirectOf(answer, url);
    if (next === null) return await read(answer, url);
    answer.destroy();
    url = next;
  }
  throw new Unreadable(`The page redirects more than ${mostRedirects} times.`);
}

/** The address that the answer names instead; `null` if it is final. */
function redirectOf({ statusCode, headers: { location } }: IncomingMessage, url: string): string | null {
  if (statusCode === undefined || statusCode < 300 || statusCode > 399 || location === undefined) return null;
  return URL.parse(location, url)?.href ?? null;
}

async function read(answer: IncomingMessage, url: string): Promise<LoadedPage> {
  const { statusCode = 0, headers } = answer;
  const type = /^[^;\s]*/.exec(headers['content-type'] ?? 'text/html')?.[0].toLowerCase() ?? '';
  const isHtml = type === 'text/html' || type === 'application/xhtml+xml';
  if (statusCode !== 200 || !(isHtml || isText(type))) {
    answer.destroy();
    if (statusCode !== 200) throw new Unreadable(`The server responded with ${statusCode}.`);
    throw new Unreadable(`This is not a page but a file of the type ${type}.`);
  }
  const bytes = await bytesOf(answer);
  const text = decoded(bytes, headers['content-type'] ?? '', isHtml);
  if (!isHtml) return { url, title: null, text };
  const { pageText } = await import('./page-text.ts');
  const page = pageText(text, url);
  if (page === null) throw new Unreadable('The page has too many elements to be read.');
  return { url, ...page };
}

function isText(type: string): boolean {
  return /^text\/|^application\/(?:[\w.+-]*\+)?(?:json|xml|yaml)$/.test(type);
}

async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of decompressed(answer)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > mostBytes) throw new Unreadable(`The page has more than ${mostBytes / 1_000_000} MB.`);
    }
  } catch (thrown) {
    if (isOfZlib(thrown)) throw new Unreadable('The page is damaged: it cannot be decompressed.');
    throw thrown;
  }
  return Buffer.concat(chunks);
}

function isOfZlib(thrown: unknown): boolean {
  return thrown instanceof Error && 'errno' in thrown && 'code' in thrown && !('syscall' in thrown);
}

/** Some servers compress although nobody has asked for it. */
function decompressed(answer: IncomingMessage): Readable {
  const encoding = answer.headers['content-encoding']?.toLowerCase() ?? 'identity';
  switch (encoding) {
    case 'identity':
      return answer;
    case 'gzip':
      return through(answer, createGunzip());
    case 'br':
      return through(answer, createBrotliDecompress());
    case 'deflate':
      return through(answer, createInflate());
    default:
      answer.destroy();
      throw new Unreadable(`The page has the unknown encoding ${encoding}.`);
  }
}

/** What breaks off is seen by the reader of the last stream. */
function through<Last extends NodeJS.ReadWriteStream & Readable>(answer: IncomingMessage, last: Last): Last {
  pipeline(answer, last, () => undefined);
  return last;
}

/** The charset that the header or, in HTML, the first bytes name (WHATWG, "prescan a byte stream"); else UTF-8. */
function decoded(bytes: Buffer, contentType: string, isHtml: boolean): string {
  const prefix = isHtml ? bytes.subarray(0, 1_024).toString('latin1') : '';
  const label =
    /charset=["']?([\w-]+)/i.exec(contentType)?.[1] ?? /<meta[^>]+charset=["']?([\w-]+)/i.exec(prefix)?.[1];
  try {
    return new TextDecoder(label ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
