import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import { callAws, isAwsError, platformError } from './aws-errors.ts';
import type { AwsClients } from './clients.ts';

/**
 * Text of any size, in a record or beside it. Above 2 kB it is compressed, because DynamoDB bills writes by the kB; what
 * is above 100 kB even then goes to S3.
 */
export const storedBody = z.object({
  body: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  bodyObject: z.string().optional(),
});
export type StoredBody = z.infer<typeof storedBody>;

const compressAboveBytes = 2_000;
const objectAboveBytes = 100_000;

/** The first part of every object's key; the bucket's lifecycle rules go by it. */
export const objectPrefixes = {
  triggers: 'triggers/',
  runs: 'runs/',
  traces: 'traces/',
  sessions: 'sessions/',
} as const;

export interface PayloadObjects {
  /**
   * Keeps a text: resolves with the fields to store in its record, after the object that they name is durable.
   * @param objectKey where the text goes if it is large
   */
  keep(objectKey: string, text: string): Promise<StoredBody>;
  /** The text of a record's fields; `null` where it has none, or its object is no longer there. */
  read(stored: StoredBody): Promise<string | null>;
}

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Keeps large texts in the bucket. Both methods throw `RetryableError` where S3 is away. */
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
  await callAws(client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/gzip' })));
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
