/** An HTTP request as every platform can provide it. */
export interface HttpRequest {
  readonly method: string;
  /** The URL that the sender called from outside: the operator's `BASE_URL` and the path, without the query. */
  readonly url?: string;
  /** By lower-case name; repeated headers joined as HTTP joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw text after the `?` of the URL; empty if there is none. */
  readonly query: string;
  /** The address that the connection came from; absent if the platform does not say. */
  readonly sender?: string;
  /** Size of the body in bytes, if known before it is read. */
  readonly bodyBytes?: number;
  readonly body: RequestBody;
}

/** Why a body was not read: it exceeds the limit, or its sender disconnected. */
export type UnreadBody = 'too-large' | 'interrupted';

/** The body of a request that has not been read yet. It can be read only once. */
export interface RequestBody {
  /**
   * Reads the whole body. Stops immediately if it exceeds `maxBytes`.
   * @throws RetryableError when the platform has no memory for it now
   */
  bytes(maxBytes: number): Promise<Uint8Array | UnreadBody>;
  /** Counts memory used beyond the received bytes, for their decompressed form. Throws like `bytes`. */
  hold?(bytes: number): void;
}

/**
 * A body in memory: from a platform that passes whole requests, or from a body that was read before.
 * @param read the body that was read before, which still counts the memory
 */
export function bodyOfBytes(bytes: Uint8Array, read?: RequestBody): RequestBody {
  return {
    ...(read?.hold === undefined ? {} : { hold: read.hold.bind(read) }),
    bytes: async (maxBytes) => (bytes.length > maxBytes ? 'too-large' : bytes),
  };
}

/** A complete HTTP answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/** By lower-case name. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** A streamed answer. The status is still open until its first piece is written. */
export interface AnswerStream {
  readonly headers: HttpHeaders;
  /** Keeps the connection from looking idle, and the caller waiting. */
  heartbeat(): string;
  /** A run was started. */
  started(runId: string): string;
  /** Text of the first run's answer, as its model writes it. */
  text(runId: string, text: string): string;
  /** The last piece. @param answer what a caller gets without streaming */
  ended(answer: HttpAnswer): string;
}

/** Whether a sender only checks that something is there. The answer reveals nothing and starts nothing. */
export function isProbe({ method }: HttpRequest): boolean {
  return method === 'HEAD' || method === 'OPTIONS';
}

/** The same answer for every sender and every connector. */
export function probeAnswer({ method }: HttpRequest): HttpAnswer {
  const headers = { allow: 'GET, HEAD, OPTIONS, POST', 'cache-control': 'no-store' };
  return { status: method === 'OPTIONS' ? 204 : 200, headers, body: '' };
}
