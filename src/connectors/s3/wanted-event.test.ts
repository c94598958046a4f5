import { describe, expect, test } from '@jest/globals';
import { inboundConfigOf } from './inbound-config.ts';
import { readObjectEvents } from './object-event.ts';
import { busEvent, notification } from './samples.ts';
import { patternOf, unwantedReason } from './wanted-event.ts';

const config = (fields = {}) => inboundConfigOf({ bucket: 'my-uploads', ...fields });

function eventOf(detailType: string, fields = {}) {
  const event = { ...busEvent, 'detail-type': detailType, detail: { ...busEvent.detail, ...fields } };
  const read = readObjectEvents(JSON.stringify(event));
  return read.outcome === 'read' ? read.events[0] : undefined;
}

describe('an event of an object', () => {
  test('is the same, whether EventBridge or the bucket tells it', () => {
    const [ofBus, ofBucket] = [busEvent, notification].map((event) => {
      const read = readObjectEvents(JSON.stringify(event));
      return read.outcome === 'read' ? { ...read.events[0], source: '', time: '' } : null;
    });
    expect(ofBus).toEqual(ofBucket);
    expect(ofBus).toMatchObject({ key: 'in/red flower+1.jpg', name: 'ObjectCreated:Put' });
  });

  test.each([
    ['Object Created', { reason: 'CompleteMultipartUpload' }, 'ObjectCreated:CompleteMultipartUpload'],
    ['Object Created', { reason: 'CopyObject' }, 'ObjectCreated:Copy'],
    [
      'Object Deleted',
      { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' },
      'ObjectRemoved:Delete',
    ],
    [
      'Object Deleted',
      { reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' },
      'ObjectRemoved:DeleteMarkerCreated',
    ],
    [
      'Object Deleted',
      { reason: 'Lifecycle Expiration', 'deletion-type': 'Permanently Deleted' },
      'LifecycleExpiration:Delete',
    ],
    ['Object Tags Added', {}, 'ObjectTagging:Put'],
    ['Object Something New', {}, 'Object Something New'],
  ])('%s %j has the name that S3 itself has for it', (detailType, fields, name) => {
    expect(eventOf(detailType, fields)?.name).toBe(name);
  });

  test.each([
    [{}, true],
    [{ bucket: 'other' }, false],
    [{ prefix: 'in/', suffix: '.jpg' }, true],
    [{ prefix: 'out/' }, false],
    [{ suffix: '.png' }, false],
  ])('is wanted with %j: %s', (fields, isWanted) => {
    const event = eventOf('Object Created');
    expect(event === undefined ? null : unwantedReason(event, config(fields)) === null).toBe(isWanted);
  });

  test('that creates nothing is wanted only where all events are', () => {
    const event = eventOf('Object Deleted');
    if (event === undefined) throw new Error('not read');
    expect(unwantedReason(event, config())).toBe('The event is not the creation of an object.');
    expect(unwantedReason(event, config({ event_mode: 'All Events' }))).toBeNull();
  });
});

describe('the pattern of a rule', () => {
  const objectOf = (fields: object) => JSON.stringify(patternOf(config(fields)));

  test.each([
    [{ prefix: 'in/' }, '"object":{"key":[{"prefix":"in/"}]}'],
    [{ suffix: '.jpg' }, '"object":{"key":[{"suffix":".jpg"}]}'],
    [{ prefix: 'a*b/', suffix: '\\.jpg' }, '"object":{"key":[{"wildcard":"a\\\\*b/*\\\\\\\\.jpg"}]}'],
  ])('asks for keys with %j', (fields, part) => {
    expect(objectOf(fields)).toContain(part);
  });

  test('asks for new objects of the bucket, or for all of its events', () => {
    expect(patternOf(config())).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['my-uploads'] } },
    });
    expect(patternOf(config({ event_mode: 'All Events' }))).toEqual({
      source: ['aws.s3'],
      detail: { bucket: { name: ['my-uploads'] } },
    });
  });
});
