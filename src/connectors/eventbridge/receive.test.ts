import { describe, expect, test } from '@jest/globals';
import {
  sampleConnector,
  sampleNow,
  samplePrepareContext,
  sampleReceiveContext,
  sampleRun,
} from '../../../test/connectors/sample-records.ts';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { outboundMode } from './config.ts';
import { sampleRequest } from './index.ts';
import { prepare } from './prepare.ts';
import { receiveRequest } from './receive.ts';
import { ec2Event } from './samples.ts';

const secrets = { current: 'ebsec_0123456789abcdef', previous: null, config: {} };

function posted(body: string | Uint8Array, parts: Partial<HttpRequest> = {}): HttpRequest {
  const headers = { 'x-connic-secret': secrets.current };
  return { method: 'POST', headers, query: '', body: bodyOfBytes(Buffer.from(body)), ...parts };
}

function receive(request: HttpRequest, config: JsonObject = {}) {
  const connector = sampleConnector('eventbridge', 'inbound', config, secrets);
  return receiveRequest(request, sampleReceiveContext(connector, secrets));
}

function messageOf(chain: string | null) {
  const config = outboundMode.config.parse({});
  const connector = sampleConnector('eventbridge', 'outbound', config);
  return prepare(sampleRun, { ...samplePrepareContext(connector, secrets), chain });
}

describe('an event that an API destination posts', () => {
  test('is the payload as it came, and its id makes a repeat the same event', async () => {
    const text = `{"id":"e-1","source":"shop","detail-type":"order","time":"2026-01-01T00:00:00Z","detail":{"total":9223372036854775807}}`;
    const received = await receive(posted(text));
    expect(received).toMatchObject({
      outcome: 'accepted',
      payload: { text },
      natural: { key: 'e-1', timeMs: Date.parse('2026-01-01T00:00:00Z') },
    });
  });

  test('carries the chain of the run whose result it is', async () => {
    const { Detail } = messageOf('signed').entry;
    const event = { ...ec2Event, detail: JSON.parse(Detail) };
    expect(await receive(posted(JSON.stringify(event)))).toMatchObject({ signedChain: 'signed' });
    expect(await receive(posted(JSON.stringify(ec2Event)))).not.toHaveProperty('signedChain');
    expect(JSON.parse(messageOf(null).entry.Detail)).not.toHaveProperty('x-connic-chain');
  });

  test('that does not match the pattern is taken and starts nothing, and the history says so', async () => {
    const received = await receive(posted(JSON.stringify(ec2Event)), { pattern: { source: ['aws.s3'] } });
    expect(received).toEqual({
      outcome: 'answered',
      answer: null,
      reason: 'The event does not match the pattern of the connector.',
    });
  });

  test.each([
    ['only its detail', '{"total":1}'],
    ['a list', '[]'],
    ['a detail that is not an object', JSON.stringify({ ...ec2Event, detail: 'text' })],
  ])('with %s is refused, with what to change', async (_, body) => {
    expect(await receive(posted(body))).toEqual({
      outcome: 'refused',
      reason: 'malformed',
      detail:
        'The body is not a complete EventBridge event: it needs "id", "source", "detail-type", and "detail". Send the matched event without an input transformer.',
    });
  });

  test('that is not JSON is refused with the place', async () => {
    expect(await receive(posted('{"id":'))).toMatchObject({
      outcome: 'refused',
      reason: 'malformed',
      detail: expect.stringMatching(/line 1/),
    });
  });

  test('of more than 1 MB is refused', async () => {
    expect(await receive(posted(Buffer.alloc(1_048_577, ' ')))).toMatchObject({
      reason: 'too-large',
      detail: 'The event has more than 1048576 bytes.',
    });
  });

  test('without a secret, or by GET, is refused', async () => {
    expect(await receive(posted('{}', { headers: {} }))).toMatchObject({ reason: 'unauthorized' });
    expect(await receive(posted('{}', { method: 'GET' }))).toMatchObject({
      reason: 'method-not-allowed',
      detail: 'Events are sent by POST.',
    });
  });
});

describe('a test request', () => {
  const sample = (json: string) => {
    const connector = sampleConnector('eventbridge', 'inbound', {}, secrets);
    const made = sampleRequest({
      connector,
      url: 'https://connectors.example/webhooks/1',
      secrets,
      content: { kind: 'payload', json },
      id: 'abc',
      now: sampleNow,
    });
    if (made.outcome !== 'made') throw new Error(made.outcome);
    return made.request;
  };

  test.each([
    ['{"total":9223372036854775807}', '{"total":9223372036854775807}'],
    ['[1]', '{"message":[1]}'],
  ])('puts %s into the detail of an event that is taken', async (json, detail) => {
    const { headers, body } = sample(json);
    const received = await receive(posted(body ?? '', { headers }));
    expect(received.outcome === 'accepted' && received.payload.at('detail')).toBe(detail);
  });

  test('sends a whole event as it is', async () => {
    const { headers, body } = sample(JSON.stringify(ec2Event));
    const received = await receive(posted(body ?? '', { headers }));
    expect(received).toMatchObject({ outcome: 'accepted', payload: { value: ec2Event } });
  });
});
