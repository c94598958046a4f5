import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

/** What happened to an object of a bucket, independent of the reporting service. */
export interface ObjectEvent {
  readonly bucket: string;
  /** Decoded. */
  readonly key: string;
  /** Bytes; `null` if the event does not say. */
  readonly size: number | null;
  readonly etag: string | null;
  /** Named as in S3's own notifications: `ObjectCreated:Put`. */
  readonly name: string;
  /** ISO 8601. */
  readonly time: string;
  readonly source: string;
  readonly region: string;
  readonly requestId: string | null;
  readonly sourceIp: string | null;
  readonly sequencer: string | null;
  readonly versionId: string | null;
}

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? null);
const optionalNumber = z
  .number()
  .nullish()
  .transform((number) => number ?? null);

/** A record of a notification (S3 user guide, "Event message structure"). Its key is form-encoded. */
const notificationRecord = z
  .object({
    eventSource: z.string(),
    awsRegion: z.string().default(''),
    eventTime: z.string(),
    eventName: z.string(),
    requestParameters: z.object({ sourceIPAddress: optionalText }).partial().nullish(),
    responseElements: z.object({ 'x-amz-request-id': optionalText }).partial().nullish(),
    s3: z.object({
      bucket: z.object({ name: z.string() }),
      object: z.object({
        key: z.string(),
        size: optionalNumber,
        eTag: optionalText,
        versionId: optionalText,
        sequencer: optionalText,
      }),
    }),
  })
  .transform(
    ({ s3: { bucket, object }, ...record }): ObjectEvent => ({
      bucket: bucket.name,
      key: decodedKey(object.key),
      size: object.size,
      etag: object.eTag,
      name: record.eventName.replace(/^s3:/, ''),
      time: record.eventTime,
      source: record.eventSource,
      region: record.awsRegion,
      requestId: record.responseElements?.['x-amz-request-id'] ?? null,
      sourceIp: record.requestParameters?.sourceIPAddress ?? null,
      sequencer: object.sequencer,
      versionId: object.versionId,
    }),
  );

function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/** S3 sends this to a newly configured notification target. */
const testEvent = z.object({ Event: z.literal('s3:TestEvent') });

const notification = z.object({ Records: z.array(notificationRecord) });

/** An event of a bus (S3 user guide, "EventBridge event message structure"). Its key is not encoded. */
const busEvent = z
  .object({
    source: z.literal('aws.s3'),
    'detail-type': z.string(),
    time: z.string(),
    region: z.string(),
    detail: z.object({
      bucket: z.object({ name: z.string() }),
      object: z.object({
        key: z.string(),
        size: optionalNumber,
        etag: optionalText,
        'version-id': optionalText,
        sequencer: optionalText,
      }),
      'request-id': optionalText,
      'source-ip-address': optionalText,
      reason: optionalText,
      'deletion-type': optionalText,
    }),
  })
  .transform(({ detail, ...event }): ObjectEvent => {
    const { bucket, object } = detail;
    return {
      bucket: bucket.name,
      key: object.key,
      size: object.size,
      etag: object.etag,
      name: nameOf(event['detail-type'], detail.reason, detail['deletion-type']),
      time: event.time,
      source: event.source,
      region: event.region,
      requestId: detail['request-id'],
      sourceIp: detail['source-ip-address'],
      sequencer: object.sequencer,
      versionId: object['version-id'],
    };
  });

/** Maps EventBridge's reason to the way in which the object was created. */
const creations: Readonly<Record<string, string>> = {
  PutObject: 'Put',
  'POST Object': 'Post',
  CopyObject: 'Copy',
  CompleteMultipartUpload: 'CompleteMultipartUpload',
};

/** Maps EventBridge's detail types to notification names (S3 user guide, "Using EventBridge"). */
const names: Readonly<Record<string, string>> = {
  'Object Restore Initiated': 'ObjectRestore:Post',
  'Object Restore Completed': 'ObjectRestore:Completed',
  'Object Restore Expired': 'ObjectRestore:Delete',
  'Object Storage Class Changed': 'LifecycleTransition',
  'Object Access Tier Changed': 'IntelligentTiering',
  'Object ACL Updated': 'ObjectAcl:Put',
  'Object Tags Added': 'ObjectTagging:Put',
  'Object Tags Deleted': 'ObjectTagging:Delete',
};

function nameOf(detailType: string, reason: string | null, deletionType: string | null): string {
  if (detailType === 'Object Created') return `ObjectCreated:${creations[reason ?? ''] ?? reason ?? 'Put'}`;
  if (detailType !== 'Object Deleted') return names[detailType] ?? detailType;
  const family = reason === 'Lifecycle Expiration' ? 'LifecycleExpiration' : 'ObjectRemoved';
  return `${family}:${deletionType === 'Delete Marker Created' ? 'DeleteMarkerCreated' : 'Delete'}`;
}

export type EventsRead =
  | { readonly outcome: 'read'; readonly events: readonly ObjectEvent[] }
  /** S3 tests whether the target exists. */
  | { readonly outcome: 'test' }
  | { readonly outcome: 'unreadable' };

/** Reads object events from S3 or EventBridge. @param text JSON */
export function readObjectEvents(text: string): EventsRead {
  const json = parsed(text);
  const ofBus = busEvent.safeParse(json);
  if (ofBus.success) return { outcome: 'read', events: [ofBus.data] };
  const ofBucket = notification.safeParse(json);
  if (ofBucket.success) return { outcome: 'read', events: ofBucket.data.Records };
  return testEvent.safeParse(json).success ? { outcome: 'test' } : { outcome: 'unreadable' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The payload without the content. */
export function factsOf(event: ObjectEvent): JsonObject {
  const { bucket, key, size, etag, name, time } = event;
  return { bucket, key, size, etag, event_name: name, event_time: time };
}

/** Facts about the event besides its object. */
export function markerOf(event: ObjectEvent): JsonObject {
  return {
    event_source: event.source,
    aws_region: event.region,
    request_id: event.requestId,
    source_ip: event.sourceIp,
    sequencer: event.sequencer,
    version_id: event.versionId,
  };
}
