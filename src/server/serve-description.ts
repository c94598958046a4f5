import type { IncomingMessage, ServerResponse } from 'node:http';

/** The path of the OpenAPI description of the management API. */
const path = '/api/v1/openapi.json';

interface Description {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** Answers a request for the description; otherwise returns `false` and does nothing. */
export type ServeDescription = (
  request: IncomingMessage,
  response: ServerResponse,
  requestedPath: string,
) => boolean;

/** Calls the API. Never rejects. */
type Ask = (request: Request) => Response | Promise<Response>;

/**
 * Serves the API's OpenAPI description. Anyone may request it, without a token and as often as they like, so the
 * response is cached and the API is called once.
 */
export function serveDescription(ask: Ask): ServeDescription {
  let kept: Description | undefined;
  let reading: Promise<Description> | undefined;
  const read = async () => {
    const description = await describe(ask);
    if (description.status === 200) kept = description;
    reading = undefined;
    return description;
  };
  return (request, response, requestedPath) => {
    if (requestedPath !== path || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    if (kept !== undefined) send(request, response, kept);
    else {
      reading ??= read();
      reading.then((description) => send(request, response, description));
    }
    return true;
  };
}

async function describe(ask: Ask): Promise<Description> {
  const answered = await ask(new Request(new URL(path, 'http://localhost')));
  const bytes = Buffer.from(await answered.arrayBuffer());
  return { status: answered.status, headers: Object.fromEntries(answered.headers), bytes };
}

function send(
  { method, headers: { 'if-none-match': known } }: IncomingMessage,
  response: ServerResponse,
  { status, headers, bytes }: Description,
): void {
  const { 'content-type': contentType = '', ...others } = headers;
  if (status === 200 && known?.includes(headers['etag'] ?? '') === true) {
    response.writeHead(304, others).end();
    return;
  }
  response.writeHead(status, { ...others, 'content-type': contentType, 'content-length': bytes.length });
  response.end(method === 'HEAD' ? undefined : bytes);
}
