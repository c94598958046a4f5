import { describe, expect, test } from '@jest/globals';
import { sampleConnector, sampleNow, sampleReceiveContext } from '../../../test/connectors/sample-records.ts';
import type { ConnectorSecrets } from '../../core/connectors/connector-secrets.ts';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { urlWithHash } from '../../signatures/request-signature.ts';
import { receive } from './index.ts';
import { sampleRequest as makeSample } from './sample-request.ts';
import { mailgunSignature, sampleJsonRequest, sampleRequest, samples } from './samples.ts';

const secret = samples.requests?.[0]?.secrets.current ?? '';
const secrets: ConnectorSecrets = { current: secret, previous: null, config: {} };
const connectorOf = (auth: JsonObject, more: JsonObject = {}) =>
  sampleConnector('webhook', 'inbound', { auth, ...more }, secrets);

const received = (request: HttpRequest, auth: JsonObject, now = sampleNow, more: JsonObject = {}) =>
  receive(request, sampleReceiveContext(connectorOf(auth, more), secrets, now));

const event = (title: string) => {
  const found = samples.requests?.find((sample) => sample.title === title);
  if (found === undefined) throw new Error(`There is no sample "${title}".`);
  return found.event(sampleNow);
};

describe('a request of Twilio', () => {
  const twilio = { type: 'twilio' };

  test('is recognized again by its idempotency token', async () => {
    const form = event('a form that Twilio signed');
    const headers = { ...form.headers, 'i-twilio-idempotency-token': 'token-1' };
    expect(await received({ ...form, headers }, twilio)).toMatchObject({
      outcome: 'accepted',
      repeat: { key: 'twilio: token-1' },
    });
  });

  test.each([
    ['another form', { body: bodyOfBytes(Buffer.from('MessageSid=SM2')) }],
    ['a form that nobody can read', { body: bodyOfBytes(Buffer.from('Body=%FF')) }],
    ['another query', { query: 'a=1' }],
    ['no signature', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  ])('is refused with %s', async (_, change) => {
    const form = { ...event('a form that Twilio signed'), ...change };
    expect(await received(form, twilio)).toMatchObject({ outcome: 'refused', reason: 'unauthorized' });
  });

  test('with a JSON body is refused if its hash is missing or another', async () => {
    const signed = event('a JSON body that Twilio signed by its hash');
    const [, other] = urlWithHash('', '{"a":2}').split('?');
    for (const query of ['', other ?? '']) {
      expect(await received({ ...signed, query }, twilio)).toMatchObject({ reason: 'unauthorized' });
    }
  });
});

describe('a request of Mailgun', () => {
  const mailgun = { type: 'mailgun' };
  const posted = (body: JsonObject) => sampleJsonRequest({}, JSON.stringify(body));

  test('counts once by its token, whatever its body, because the signature covers nothing else', async () => {
    const { token = '' } = { ...mailgunSignature(sampleNow) } as Record<string, string>;
    const event = posted({ signature: mailgunSignature(sampleNow), 'event-data': {} });
    const mail = posted({ ...mailgunSignature(sampleNow), subject: 'Hello' });
    for (const request of [event, mail]) {
      expect(await received(request, mailgun)).toMatchObject({ repeat: { key: `mailgun: ${token}` } });
    }
  });

  test.each<[string, Record<string, string>, JsonObject]>([
    ['a fresh Idempotency-Key', { 'idempotency-key': 'fresh' }, {}],
    ['a configured header', { 'x-id': 'fresh' }, { dedupe: { header: 'x-id' } }],
    ['a configured path', {}, { dedupe: { body_path: 'event-data.id' } }],
    ['the ids of senders turned off', {}, { preset_dedupe: false }],
    [
      'the id of a CloudEvent',
      { 'ce-specversion': '1.0', 'ce-id': 'fresh', 'ce-source': '/', 'ce-type': 'a' },
      {},
    ],
  ])('counts once whatever it carries besides, such as %s', async (_, headers, more) => {
    const { token = '' } = { ...mailgunSignature(sampleNow) } as Record<string, string>;
    const body = { signature: mailgunSignature(sampleNow), 'event-data': { id: 'fresh' } };
    const request = sampleJsonRequest(headers, JSON.stringify(body));
    expect(await received(request, mailgun, sampleNow, more)).toMatchObject({
      repeat: { key: `mailgun: ${token}` },
      natural: null,
    });
  });

  test('counts by the token that was verified, wherever that is, not by one that its sender adds', async () => {
    const { signature, ...rest } = mailgunSignature(sampleNow, 'parent-signature');
    const { token } = { ...mailgunSignature(sampleNow) } as Record<string, string>;
    const forged = { signature: 'forged', timestamp: '1', token: 'fresh' };
    const bodies = [
      { signature: forged, ...rest, 'event-data': {} },
      { signature: { signature, ...rest }, token: 'fresh', timestamp: '1', 'event-data': {} },
    ];
    for (const body of bodies) {
      expect(await received(posted(body), mailgun)).toMatchObject({ repeat: { key: `mailgun: ${token}` } });
    }
  });

  test('reaches the agent without its signatures', async () => {
    const content = { 'event-data': { id: 'a' }, amount: 1 };
    const parent = mailgunSignature(sampleNow, 'parent-signature');
    const bodies = [
      { ...content, signature: parent, 'parent-signature': 'another' },
      { ...content, ...parent },
      { ...content, ...parent, signature: { token: 'of nobody' } },
    ];
    for (const body of bodies) {
      const taken = await received(posted(body), mailgun);
      expect(taken.outcome === 'accepted' && taken.payload.value).toEqual(content);
    }
  });

  test('may be a form with files', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(mailgunSignature(sampleNow))) form.append(name, value);
    form.append('attachment-1', new Blob(['a,b'], { type: 'text/csv' }), 'a.csv');
    const encoded = new Response(form);
    const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
    const request = sampleRequest({ headers, body: await encoded.bytes() });
    expect(await received(request, mailgun)).toMatchObject({
      outcome: 'accepted',
      payload: { value: { files: [{ name: 'a.csv' }] } },
    });
  });

  test('is accepted for a day, and its token is remembered for longer, whatever the clocks say', async () => {
    const signed = () => posted({ signature: mailgunSignature(sampleNow) });
    for (const now of [sampleNow - 86_400_000, sampleNow + 86_400_000]) {
      expect(await received(signed(), mailgun, now)).toMatchObject({
        outcome: 'accepted',
        repeat: { validForMs: 2 * 86_400_000 },
      });
    }
    expect(await received(signed(), mailgun, sampleNow + 86_401_000)).toMatchObject({
      reason: 'unauthorized',
    });
  });

  test.each([
    ['that is not JSON', '{'],
    ['that is a list', '[]'],
    ['whose signature is a text', '{"signature":"abc","timestamp":"1","token":"a"}'],
    ['whose signature is not a text', '{"signature":{"signature":{},"timestamp":1,"token":[]}}'],
    ['without a token', JSON.stringify({ signature: { ...mailgunSignature(sampleNow), token: undefined } })],
  ])('with a body %s is refused like one of a stranger', async (_, body) => {
    const request = sampleJsonRequest({}, body);
    expect(await received(request, mailgun)).toMatchObject({ outcome: 'refused', reason: 'unauthorized' });
  });
});

describe('a test request', () => {
  const made = (auth: JsonObject, content: Parameters<typeof makeSample>[0]['content']) =>
    makeSample({
      connector: connectorOf(auth),
      url: 'https://agents.example.com/webhooks/sample',
      secrets,
      content,
      id: '1',
      now: sampleNow,
    });
  const form = {
    kind: 'body',
    contentType: 'application/x-www-form-urlencoded',
    bytes: Buffer.from('a=1&b=+'),
  } as const;

  test.each([
    ['twilio', { kind: 'payload', json: '{"a":1.10}' } as const],
    ['twilio', form],
    ['mailgun', { kind: 'payload', json: '{"a":1.10}' } as const],
  ])('for %s is accepted', async (type, content) => {
    const sample = made({ type }, content);
    if (sample.outcome !== 'made') throw new Error(sample.outcome);
    const { url, headers, body } = sample.request;
    const { origin, pathname, search } = new URL(url);
    const request = {
      ...sampleRequest({ headers, body: body ?? '' }),
      url: origin + pathname,
      query: search.slice(1),
    };
    expect(await received(request, { type })).toMatchObject({ outcome: 'accepted' });
  });

  test('says why it cannot be made', () => {
    const reason = 'The signature goes into the body, so the body must be a JSON object.';
    expect(made({ type: 'mailgun' }, { kind: 'payload', json: '[]' })).toEqual({
      outcome: 'not-made',
      reason,
    });
    expect(made({ type: 'mailgun' }, form)).toEqual({ outcome: 'not-made', reason });
    const topic_arn = 'arn:aws:sns:eu-west-1:123456789012:alarms';
    expect(made({ type: 'sns', topic_arn }, form)).toEqual({
      outcome: 'not-made',
      reason: 'Only Amazon SNS can sign requests: publish a message to the topic.',
    });
  });
});
