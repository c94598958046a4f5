/** An HTTP request as every platform can give it. */
export interface HttpRequest {
  readonly method: string;
  /** Where the sender has called from outside: as the operator's `BASE_URL` says, with the path, without a query. */
  readonly url?: string;
  /** By lower-case name; repeated headers joined as HTTP joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** What follows the `?` of the URL, raw; empty where there is none. */
  readonly query: string;
  /** The address that the connection came from; absent where the platform does not say. */
  readonly sender?: string;
  /** Size of the body in bytes, where it is known before it is read. */
  readonly bodyBytes?: number;
  readonly body: RequestBody;
}

/** Why a body was not read: it has more bytes than asked for, or its sender broke off. */
export type UnreadBody = 'too-large' | 'interrupted';

/** The body of a request, not read yet. To be read once, or not at all. */
export interface RequestBody {
  /**
   * All of it. Reading stops at once when there are more than `maxBytes`.
   * @throws RetryableError when the platform has no memory for it now
   */
  bytes(maxBytes: number): Promise<Uint8Array | UnreadBody>;
  /** Counts memory that reading takes beyond the bytes that came: what they were decompressed to. Throws as `bytes`. */
  hold?(bytes: number): void;
}

/**
 * A body that is in memory: of a platform that hands over whole requests, or one that had to be read before.
 * @param read the body that was read before: what is made of these bytes counts as it did
 */
export function bodyOfBytes(bytes: Uint8Array, read?: RequestBody): RequestBody {
  return {
    ...(read?.hold === undefined ? {} : { hold: read.hold.bind(read) }),
    bytes: async (maxBytes) => (bytes.length > maxBytes ? 'too-large' : bytes),
  };
}
