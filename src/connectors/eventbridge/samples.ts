import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { noSecrets } from '../../core/ports/secret-store.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import type { BusEvent } from './bus-event.ts';
import type { BusMessage } from './prepare.ts';

/** An example event from AWS (EventBridge user guide, "Event pattern syntax"). */
export const ec2Event = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated' },
} satisfies JsonObject;

const secrets = { current: 'ebsec_0123456789abcdef', previous: null, config: {} };

function request(headers: Readonly<Record<string, string>>, body: string): HttpRequest {
  return { method: 'POST', headers, query: '', body: bodyOfBytes(Buffer.from(body)) };
}

function posted(title: string, headers: Readonly<Record<string, string>>): EventSample<HttpRequest> {
  return {
    title,
    mode: 'inbound',
    config: { pattern: { source: ['aws.ec2'] } },
    secrets,
    event: () => request({ 'content-type': 'application/json', ...headers }, JSON.stringify(ec2Event)),
    payload: ec2Event,
    authenticated: true,
  };
}

const basic = Buffer.from(`connector:${secrets.current}`).toString('base64');

const anyBody = fc.oneof(
  fc.json(),
  fc.string(),
  fc.json().map((detail) => `{"id":"1","source":"s","detail-type":"t","time":"x","detail":${detail}}`),
);

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<BusEvent, BusMessage> = {
  requests: [
    posted('an API key', { 'x-connic-secret': secrets.current }),
    posted('a bearer token', { authorization: `Bearer ${secrets.current}` }),
    posted('Basic authentication', { authorization: `Basic ${basic}` }),
  ],
  anyRequest: fc
    .record({
      method: fc.constantFrom('POST', 'GET', 'PUT'),
      headers: fc.dictionary(fc.constantFrom('x-connic-secret', 'authorization'), fc.string()),
      body: anyBody,
    })
    .map(({ method, headers, body }) => ({ ...request(headers, body), method })),
  events: [
    {
      title: 'an event of a rule',
      mode: 'inbound',
      config: { event_bus: 'default', pattern: { source: ['aws.ec2'] } },
      secrets: noSecrets,
      event: () => ({ text: JSON.stringify(ec2Event) }),
      payload: ec2Event,
      authenticated: false,
    },
  ],
  anyEvent: anyBody.map((text) => ({ text })),
  visible: ({ region, entry }) => JSON.stringify([region, entry]),
};
