import type { RequestBody } from '../core/connectors/http-request.ts';
import { maxFileBytes } from '../files/file-limit.ts';
import type { FileRead, PayloadFile } from '../files/received-file.ts';
import type { OutboundRequest } from '../net/guarded-request.ts';
import { type ApiCall, type CallContext, callApi } from './call-api.ts';

/** Where a file is, with the credentials; or why it is not fetched, the end of a sentence. */
export type FileSource = OutboundRequest | string;

/** Makes one request for a file, within the limits of all. */
export type FileCall = (request: OutboundRequest) => Promise<ApiCall>;

/** A file that an event names. */
export interface NamedFile {
  readonly name: string;
  /** The event's field in which it is named. */
  readonly fieldName: string;
  /** Media type, as the event says. */
  readonly declaredType: string;
  /** A function where the provider has to be asked first. */
  readonly source: FileSource | ((call: FileCall) => Promise<FileSource>);
}

export interface CollectedFiles {
  readonly files: readonly PayloadFile[];
  /** One sentence for each file that was left out. */
  readonly warnings: readonly string[];
}

export interface CollectContext extends CallContext {
  /** Of the request that named the files: what they take up counts with it. */
  readonly body: RequestBody;
  /** How long all of them may take, in ms: the provider waits for the answer. */
  readonly withinMs: number;
}

const maxRedirects = 3;

/** As many files as an event may bring. */
const maxFiles = 10;

/**
 * Fetches the files that an event names, side by side. One that is too large, too slow or of a kind that is not accepted
 * is left out with a warning.
 *
 * @throws RetryableError when there is no memory for them now
 */
export async function collectFiles(
  named: readonly NamedFile[],
  context: CollectContext,
): Promise<CollectedFiles> {
  if (named.length === 0) return { files: [], warnings: [] };
  // The parsers of files are large, and most events have none.
  const { omittedFile, receivedFile } = await import('../files/received-file.ts');
  const endsAt = performance.now() + context.withinMs;
  const call: FileCall = (request) =>
    callApi(request, context, {
      timeoutMs: Math.max(1, Math.round(endsAt - performance.now())),
      maxBytes: maxFileBytes,
    });
  const read = async (file: NamedFile, index: number): Promise<FileRead> => {
    if (index >= maxFiles) return refused(`an event may have ${maxFiles} files`);
    const bytes = await download(file, call);
    if (typeof bytes === 'string') return refused(bytes);
    context.body.hold?.(bytes?.length ?? 0);
    return receivedFile(file, bytes);
  };
  const files: PayloadFile[] = [];
  const warnings: string[] = [];
  const reads = await Promise.all(named.map(read));
  for (const [index, { name }] of named.entries()) {
    const one = reads[index];
    if (one?.outcome === 'accepted') files.push(one.file);
    else warnings.push(omittedFile(name, one?.reason ?? ''));
  }
  return { files, warnings };
}

function refused(reason: string): FileRead {
  return { outcome: 'refused', reason };
}

/** The bytes; `null` of a file that is too large; or why there are none, the end of a sentence. */
async function download(
  { source, declaredType }: NamedFile,
  call: FileCall,
): Promise<Buffer | null | string> {
  const found = typeof source === 'function' ? await source(call) : source;
  if (typeof found === 'string') return found;
  const answer = await followRedirects(found, call);
  if (answer.outcome === 'unanswered') {
    return answer.reason === 'too-large' ? null : `it could not be fetched (${answer.error.slice(0, -1)})`;
  }
  if (answer.status !== 200) return `its server responded with ${answer.status}`;
  const isPage = /^text\/html\b/.test(answer.headers['content-type'] ?? '');
  return isPage && declaredType !== 'text/html' ? signInPage : answer.body;
}

/** Files are often kept elsewhere. What gets the credentials is the provider alone. */
async function followRedirects(request: OutboundRequest, call: FileCall): Promise<ApiCall> {
  let answer = await call(request);
  for (let redirects = 0; redirects < maxRedirects; redirects++) {
    const location =
      answer.outcome === 'answered' ? redirectOf(answer.status, answer.headers.location) : null;
    const url = location === null ? null : URL.parse(location, request.url)?.href;
    if (url == null) return answer;
    answer = await call({ method: 'GET', url, headers: { 'user-agent': 'Agent-Connectors' } });
  }
  return answer;
}

function redirectOf(status: number, location: string | undefined): string | null {
  return [301, 302, 303, 307, 308].includes(status) ? (location ?? null) : null;
}

const signInPage = 'its server responded with a web page; check that the credentials allow reading files';
