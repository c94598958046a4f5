import type { RequestBody } from '../core/connectors/http-request.ts';
import { maxFileBytes } from '../files/file-limit.ts';
import type { FileRead, PayloadFile } from '../files/received-file.ts';
import type { OutboundRequest } from '../net/guarded-request.ts';
import { type ApiCall, type CallContext, callApi } from './call-api.ts';

/** The request for a file, with credentials; or why the file is not fetched, as the end of a sentence. */
export type FileSource = OutboundRequest | string;

/** Makes one request for a file, within the limits shared by all files of the event. */
export type FileCall = (request: OutboundRequest) => Promise<ApiCall>;

/** A file that an event names. */
export interface NamedFile {
  readonly name: string;
  /** The field of the event that names the file. */
  readonly fieldName: string;
  /** The media type that the event states. */
  readonly declaredType: string;
  /** A function if the provider must be asked first. */
  readonly source: FileSource | ((call: FileCall) => Promise<FileSource>);
}

export interface CollectedFiles {
  readonly files: readonly PayloadFile[];
  /** One sentence for each file left out. */
  readonly warnings: readonly string[];
}

export interface CollectContext extends CallContext {
  /** Body of the request that named the files; their memory counts towards it. */
  readonly body: RequestBody;
  /** Time limit for all files, in ms: the provider waits for the response. */
  readonly withinMs: number;
}

const maxRedirects = 3;

/** Maximum number of files per event. */
const maxFiles = 10;

/**
 * Fetches the files that an event names, concurrently. A file that is too large, too slow or of an unsupported kind is
 * left out with a warning.
 *
 * @throws RetryableError if there is currently not enough memory for them
 */
export async function collectFiles(
  named: readonly NamedFile[],
  context: CollectContext,
): Promise<CollectedFiles> {
  if (named.length === 0) return { files: [], warnings: [] };
  // Loaded on demand: the file parsers are large, and most events have no files.
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

/** The bytes; `null` if the file is too large; or why there are none, as the end of a sentence. */
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

/** Follows redirects: providers often store files elsewhere. Only the provider itself gets the credentials. */
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
