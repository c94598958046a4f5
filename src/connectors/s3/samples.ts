import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { noSecrets } from '../../core/ports/secret-store.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import type { BucketEvent } from './receive.ts';

/** An example event from AWS (S3 user guide, "EventBridge event message structure"), with a key that needs encoding. */
export const busEvent = {
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  time: '2021-11-12T00:00:00Z',
  region: 'ca-central-1',
  resources: ['arn:aws:s3:::my-uploads'],
  detail: {
    version: '0',
    bucket: { name: 'my-uploads' },
    object: {
      key: 'in/red flower+1.jpg',
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      'version-id': 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
      sequencer: '617f08299329d189',
    },
    'request-id': 'N4N7GDK58NMKJ12R',
    requester: '123456789012',
    'source-ip-address': '1.2.3.4',
    reason: 'PutObject',
  },
} satisfies JsonObject;

/** The same event as a bucket notification (S3 user guide, "Event message structure"). */
export const notification = {
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'ca-central-1',
      eventTime: '2021-11-12T00:00:00.123Z',
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: 'AWS:AIDAJDPLRKLG7UEXAMPLE' },
      requestParameters: { sourceIPAddress: '1.2.3.4' },
      responseElements: { 'x-amz-request-id': 'N4N7GDK58NMKJ12R', 'x-amz-id-2': 'FMyUVURIY8' },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'all',
        bucket: { name: 'my-uploads', arn: 'arn:aws:s3:::my-uploads' },
        object: {
          key: 'in/red+flower%2B1.jpg',
          size: 5,
          eTag: 'b1946ac92492d2347c6235b4d2611184',
          versionId: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
          sequencer: '617f08299329d189',
        },
      },
    },
  ],
} satisfies JsonObject;

const facts = {
  bucket: 'my-uploads',
  key: 'in/red flower+1.jpg',
  size: 5,
  etag: 'b1946ac92492d2347c6235b4d2611184',
  event_name: 'ObjectCreated:Put',
};
const marker = {
  aws_region: 'ca-central-1',
  request_id: 'N4N7GDK58NMKJ12R',
  source_ip: '1.2.3.4',
  sequencer: '617f08299329d189',
  version_id: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
};
const ofBus = { ...facts, event_time: '2021-11-12T00:00:00Z', _s3: { event_source: 'aws.s3', ...marker } };
const ofBucket = {
  ...facts,
  event_time: '2021-11-12T00:00:00.123Z',
  _s3: { event_source: 'aws:s3', ...marker },
};

const config = {
  bucket: 'my-uploads',
  event_mode: 'Object Created',
  include_content: false,
  max_file_size_mb: 10,
};
const secrets = { current: 's3sec_0123456789abcdef', previous: null, config: {} };

function request(headers: Readonly<Record<string, string>>, body: string): HttpRequest {
  return { method: 'POST', headers, query: '', body: bodyOfBytes(Buffer.from(body)) };
}

function posted(
  title: string,
  headers: Readonly<Record<string, string>>,
  body: JsonObject,
  payload: JsonObject,
): EventSample<HttpRequest> {
  const event = () => request({ 'content-type': 'application/json', ...headers }, JSON.stringify(body));
  return { title, mode: 'inbound', config, secrets, event, payload, authenticated: true };
}

const basic = Buffer.from(`s3:${secrets.current}`).toString('base64');
const anyBody = fc.oneof(
  fc.json(),
  fc.string(),
  fc.json().map((object) => JSON.stringify({ ...busEvent, detail: { bucket: { name: 'b' }, object } })),
  fc.json().map((text) => `{"Type":"Notification","TopicArn":"t","Message":${text}}`),
);

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<BucketEvent> = {
  requests: [
    posted('an event of a bus, and an API key', { 'x-connic-secret': secrets.current }, busEvent, ofBus),
    posted(
      'a notification, and a bearer token',
      { authorization: `Bearer ${secrets.current}` },
      notification,
      ofBucket,
    ),
    posted('Basic authentication', { authorization: `Basic ${basic}` }, busEvent, ofBus),
  ],
  anyRequest: fc
    .record({
      method: fc.constantFrom('POST', 'GET', 'PUT'),
      headers: fc.dictionary(
        fc.constantFrom('x-connic-secret', 'authorization', 'x-amz-sns-message-type'),
        fc.string(),
      ),
      body: anyBody,
    })
    .map(({ method, headers, body }) => ({ ...request(headers, body), method })),
  events: [
    {
      title: 'an event of a rule',
      mode: 'inbound',
      config,
      secrets: noSecrets,
      event: () => ({ text: JSON.stringify(busEvent) }),
      payload: ofBus,
      authenticated: false,
    },
  ],
  anyEvent: anyBody.map((text) => ({ text })),
};
