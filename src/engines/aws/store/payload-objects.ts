import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import * as z from 'zod';
import type { AwsClients } from '../clients.ts';
import { callAws, isAwsError, platformError } from './aws-errors.ts';

/**
 * Text of any size, in a record or in S3. It is compressed because DynamoDB bills writes by the kB: an event of 1 kB
 * shrinks to half. Text that is above 100 kB even when compressed goes to S3.
 */
export const storedBody = z.object({
  body: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  bodyObject: z.string().optional(),
});
export type StoredBody = z.infer<typeof storedBody>;

/** Below this size, compression saves no write unit. */
const compressAboveBytes = 200;
const objectAboveBytes = 100_000;

/** The first part of every object's key, on which the bucket's lifecycle rules are based. */
export const objectPrefixes = {
  triggers: 'triggers/',
  /** Of triggers whose runs are scheduled. */
  scheduled: 'scheduled/',
  runs: 'runs/',
  sessions: 'sessions/',
} as const;

export interface PayloadObjects {
  /**
   * Stores a text. Resolves with the fields for its record once the object that they name is durable.
   *
   * @param objectKey where a large text goes
   */
  keep(objectKey: string, text: string): Promise<StoredBody>;
  /** The text of a record's fields; `null` if it has none, or its object no longer exists. */
  read(stored: StoredBody): Promise<string | null>;
}

const brotli = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Brotli has a built-in dictionary with words of JSON and HTML, so it compresses texts of 1 kB better than gzip. */
function compress(text: string): Promise<NonSharedBuffer> {
  return brotli(text, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: 5,
    },
  });
}

/** Keeps large texts in the bucket. Both methods throw `RetryableError` when S3 is unavailable. */
export function payloadObjects(clients: AwsClients, bucket: string): PayloadObjects {
  return {
    async keep(objectKey, text) {
      if (Buffer.byteLength(text) <= compressAboveBytes) return { body: text };
      const compressed = await compress(text);
      if (compressed.length <= objectAboveBytes) return { body: compressed };
      await putObject(clients, bucket, objectKey, compressed);
      return { bodyObject: objectKey };
    },
    async read({ body, bodyObject }) {
      if (typeof body === 'string') return body;
      const compressed =
        body ?? (bodyObject === undefined ? null : await getObject(clients, bucket, bodyObject));
      return compressed === null ? null : (await decompress(compressed)).toString('utf8');
    },
  };
}

async function putObject(clients: AwsClients, Bucket: string, Key: string, Body: Uint8Array): Promise<void> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const client = await clients.s3();
  await callAws(
    client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/octet-stream' })),
  );
}

async function getObject(clients: AwsClients, Bucket: string, Key: string): Promise<Uint8Array | null> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const client = await clients.s3();
  try {
    const answer = await client.send(new GetObjectCommand({ Bucket, Key }));
    return (await answer.Body?.transformToByteArray()) ?? null;
  } catch (thrown) {
    if (isAwsError(thrown, 'NoSuchKey')) return null;
    throw platformError(thrown);
  }
}

/**
 * Parses a text as JSON. JSON is stored as text because DynamoDB numbers cannot represent every JSON number. The issue
 * for invalid JSON contains nothing of the text: V8's own message quotes its beginning, and the text may be a secret or
 * a customer's event.
 */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});
