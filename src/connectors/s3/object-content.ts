import { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { RetryableError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { awsClientOptions } from '../../net/aws-client-options.ts';
import { awsError, statusOf } from '../../net/aws-error.ts';
import { credentialsOf } from '../aws-account.ts';
import type { InboundConfig } from './inbound-config.ts';
import type { ObjectEvent } from './object-event.ts';

const bytesPerMb = 1_048_576;

/** Senders wait at most 15 s for an answer. */
const readWithinMs = 12_000;

export type ContentRead =
  | { readonly outcome: 'read'; readonly content: JsonObject }
  /** `warning` is a sentence for the run. */
  | { readonly outcome: 'left-out'; readonly warning: string };

/** The bucket, and the credentials to read it with. */
export interface BucketAccess {
  readonly config: InboundConfig;
  /** Values of the configuration's secret fields. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly privateTargets: PrivateTargets;
  /** Counts the memory of what is read, in bytes. @throws RetryableError where there is none now */
  readonly hold?: ((bytes: number) => void) | undefined;
}

const withoutChecksums = {
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;

/** A client for a bucket. @param region used if the configuration names none */
export function bucketClient({ config, secrets, privateTargets }: BucketAccess, region?: string): S3Client {
  const { endpoint } = config;
  const service = {
    region:
      config.region ??
      (region === '' ? undefined : region) ??
      (endpoint === undefined ? undefined : 'us-east-1'),
    endpoint,
    credentials: credentialsOf(config.access_key_id, secrets),
  };
  return new S3Client({
    ...awsClientOptions(service, privateTargets),
    // Compatible servers have no separate host per bucket.
    forcePathStyle: endpoint !== undefined,
    // Some of them refuse requests with the checksums that the SDK adds, even to those without a body.
    ...(endpoint === undefined ? {} : withoutChecksums),
  });
}

/**
 * Reads the object of an event, in the event's version.
 *
 * @throws RetryableError where S3 is unavailable, so that the event is sent again
 */
export async function readContent(access: BucketAccess, event: ObjectEvent): Promise<ContentRead> {
  const mostMb = access.config.max_file_size_mb;
  if ((event.size ?? 0) > mostMb * bytesPerMb) return tooLarge(event, mostMb);
  try {
    return await readObject(access, event);
  } catch (thrown) {
    if (thrown instanceof RetryableError) throw thrown;
    const status = statusOf(thrown);
    if (status === 404) return leftOut(event, 'it does not exist any more');
    const error = awsError(thrown, Object.values(access.secrets));
    // If listing the bucket is not allowed, missing objects get this answer, too.
    if (status !== null && status < 500 && status !== 429) return leftOut(event, error.replace(/\.$/, ''));
    throw new RetryableError(`The object cannot be read: ${error}`, { cause: thrown });
  }
}

async function readObject(access: BucketAccess, event: ObjectEvent): Promise<ContentRead> {
  const mostMb = access.config.max_file_size_mb;
  const client = bucketClient(access, event.region);
  try {
    const {
      Body,
      ContentType,
      ContentLength = 0,
    } = await client.send(
      new GetObjectCommand({
        Bucket: event.bucket,
        Key: event.key,
        ...(event.versionId === null ? {} : { VersionId: event.versionId }),
      }),
      { abortSignal: AbortSignal.timeout(readWithinMs) },
    );
    if (ContentLength > mostMb * bytesPerMb) {
      discard(Body);
      return tooLarge(event, mostMb);
    }
    const bytes = await bytesOf(Body, mostMb * bytesPerMb, access.hold);
    return bytes === null
      ? tooLarge(event, mostMb)
      : { outcome: 'read', content: contentOf(bytes, ContentType) };
  } finally {
    client.destroy();
  }
}

/** Reads a body, whose length a compatible server may not tell. @returns `null` where it has more than `maxBytes` */
async function bytesOf(
  body: unknown,
  maxBytes: number,
  hold: BucketAccess['hold'],
): Promise<Uint8Array | null> {
  if (!(body instanceof Readable)) return new Uint8Array();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Leaving the loop ends the body.
    if (size > maxBytes) return null;
    hold?.(bytes.length);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Ends a body that nobody reads; what becomes of its connection concerns nobody either. */
function discard(body: unknown): void {
  if (body instanceof Readable) body.on('error', () => undefined).destroy();
}

function contentOf(bytes: Uint8Array, contentType = 'application/octet-stream'): JsonObject {
  const text = utf8Of(bytes);
  return {
    text: text ?? Buffer.from(bytes).toString('base64'),
    content_type: contentType,
    size_bytes: bytes.length,
    encoding: text === null ? 'base64' : 'utf-8',
  };
}

/** `null` for bytes that are not text; text contains no zero bytes. */
function utf8Of(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function tooLarge(event: ObjectEvent, mostMb: number): ContentRead {
  return leftOut(event, `it is larger than ${mostMb} MB (max_file_size_mb)`);
}

function leftOut({ key }: ObjectEvent, why: string): ContentRead {
  return { outcome: 'left-out', warning: `The content of "${key}" is left out: ${why}.` };
}
