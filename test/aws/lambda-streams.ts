import { PassThrough } from 'node:stream';

/** What one streamed answer was made of, in order: the prelude with status and headers, pieces of the body, the end. */
export type Written = { readonly prelude: unknown } | { readonly piece: string } | 'end';

type Streaming = (event: unknown, stream: PassThrough, context: unknown) => Promise<void>;

const preludes = new WeakMap<PassThrough, (prelude: unknown) => void>();

/**
 * The global of Lambda's Node.js runtime for response streaming, as its documentation describes it: the prelude goes out
 * with the first write.
 */
export const awslambda = {
  streamifyResponse: (handler: Streaming) => handler,
  HttpResponseStream: {
    from(stream: PassThrough, prelude: unknown): PassThrough {
      preludes.get(stream)?.(prelude);
      return stream;
    },
  },
};

/** Calls a streaming handler; `written` grows while it answers, `ended` resolves when the function has ended. */
export function invoke(handler: unknown, event: unknown) {
  const written: Written[] = [];
  const stream = new PassThrough();
  preludes.set(stream, (prelude) => written.push({ prelude }));
  stream.on('data', (piece: Buffer) => piece.length > 0 && written.push({ piece: piece.toString() }));
  stream.on('end', () => written.push('end'));
  if (typeof handler !== 'function') throw new Error('the handler is no function');
  const context = { getRemainingTimeInMillis: () => 60_000, functionName: 'f', awsRequestId: 'r' };
  const ended: Promise<void> = handler(event, stream, context);
  return { written, ended, stream };
}
