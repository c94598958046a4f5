import type { JsonObject } from '../../core/json/json-value.ts';
import type { InboundConfig } from './inbound-config.ts';
import type { ObjectEvent } from './object-event.ts';

/**
 * Explains why a connector starts nothing for an event, as a sentence for its history; `null` if it wants the event.
 */
export function unwantedReason(event: ObjectEvent, config: InboundConfig): string | null {
  if (event.bucket !== config.bucket) return 'The event is from another bucket.';
  if (config.event_mode === 'Object Created' && !event.name.startsWith('ObjectCreated:')) {
    return 'The event is not the creation of an object.';
  }
  const { prefix = '', suffix = '' } = config;
  const { key } = event;
  return key.startsWith(prefix) && key.endsWith(suffix)
    ? null
    : 'The key of the object has another prefix or suffix.';
}

/** The same filter as an EventBridge event pattern. */
export function patternOf({ bucket, event_mode, prefix, suffix }: InboundConfig): JsonObject {
  const key = keyTest(prefix, suffix);
  return {
    source: ['aws.s3'],
    ...(event_mode === 'All Events' ? {} : { 'detail-type': ['Object Created'] }),
    detail: { bucket: { name: [bucket] }, ...(key === null ? {} : { object: { key: [key] } }) },
  };
}

/** Tests of one field are alternatives, so prefix and suffix need a single test. */
function keyTest(prefix: string | undefined, suffix: string | undefined): JsonObject | null {
  if (prefix !== undefined && suffix !== undefined)
    return { wildcard: `${literal(prefix)}*${literal(suffix)}` };
  if (prefix !== undefined) return { prefix };
  return suffix === undefined ? null : { suffix };
}

function literal(text: string): string {
  return text.replaceAll(/[*\\]/g, '\\$&');
}
