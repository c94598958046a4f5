import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { awsError } from '../../net/aws-error.ts';
import { inboundConfigOf } from './inbound-config.ts';
import { type BucketAccess, bucketClient } from './object-content.ts';

/**
 * Reads the first byte of an object if the connector includes content. It changes nothing.
 *
 * @throws ZodError where the configuration is not valid
 */
export async function probe(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const { secrets, allowPrivateTargets: privateTargets } = context;
  const parsed = inboundConfigOf(config);
  if (!parsed.include_content) {
    const detail = 'The connector needs no access to the bucket: events are sent to it.';
    return { outcome: 'reached', detail };
  }
  try {
    return await readFirstByte({ config: parsed, secrets, privateTargets }, context.signal);
  } catch (thrown) {
    return { outcome: 'failed', error: awsError(thrown, Object.values(secrets)) };
  }
}

async function readFirstByte(access: BucketAccess, abortSignal: AbortSignal): Promise<Probed> {
  const { bucket: Bucket, prefix: Prefix } = access.config;
  const client = bucketClient(access);
  try {
    const list = new ListObjectsV2Command({
      Bucket,
      MaxKeys: 1,
      ...(Prefix === undefined ? {} : { Prefix }),
    });
    const { Contents: [found] = [] } = await client.send(list, { abortSignal });
    if (found?.Key === undefined) {
      return { outcome: 'reached', detail: 'The bucket exists; it has no objects to read yet.' };
    }
    const get = new GetObjectCommand({
      Bucket,
      Key: found.Key,
      ...(found.Size === 0 ? {} : { Range: 'bytes=0-0' }),
    });
    await (await client.send(get, { abortSignal })).Body?.transformToByteArray();
    return { outcome: 'reached', detail: 'The bucket exists, and its objects can be read.' };
  } finally {
    client.destroy();
  }
}
