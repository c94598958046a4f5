import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sampleConnector, sampleNow, sampleReceiveContext } from '../../../test/connectors/sample-records.ts';
import type { ConnectorSecrets } from '../../core/connectors/connector-secrets.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import { type JsonObject, Payload } from '../../core/json/json-value.ts';
import { authConfig } from './auth-config.ts';
import { answerSignedQuestion } from './authenticate.ts';
import { receive } from './index.ts';
import { keyOwners, sampleJsonRequest, sampleRequest, signedBy } from './samples.ts';

const secrets: ConnectorSecrets = { current: 'top-secret', previous: null, config: {} };

function received(request: HttpRequest, config: JsonObject = {}) {
  const connector = sampleConnector('webhook', 'inbound', config, secrets);
  return receive(request, sampleReceiveContext(connector, secrets, sampleNow));
}

const get = (query: string, headers = {}) => sampleRequest({ method: 'GET', query, headers });
const plain = (body: string) => ({
  outcome: 'answered',
  answer: {
    status: 200,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
    body,
  },
  reason: null,
});

describe('an unsigned verification request', () => {
  test('from Meta or WhatsApp is answered if its verify token is the secret', async () => {
    const asked = (token: string) =>
      get(`hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
    expect(await received(asked('top-secret'))).toEqual(plain('1158201444'));
    expect(await received(asked('wrong'))).toMatchObject({ outcome: 'refused', reason: 'unauthorized' });
    expect(await received(get('hub.mode=subscribe&hub.challenge=1'))).toMatchObject({ outcome: 'refused' });
  });

  test('from Dropbox is answered with its challenge as plain text', async () => {
    expect(await received(get('challenge=%3Cb%3Ehello'))).toEqual(plain('<b>hello'));
    expect(await received(get('challenge=abc&secret=top-secret'))).toEqual(plain('abc'));
  });

  test('is told apart from an event that has a field named "challenge"', async () => {
    expect(await received(get('challenge=chess&player=ada&secret=top-secret'))).toMatchObject({
      outcome: 'accepted',
      payload: { value: { challenge: 'chess', player: 'ada' } },
    });
  });

  test('from Okta is answered as JSON', async () => {
    const answered = await received(get('', { 'x-okta-verification-challenge': 'abc' }));
    expect(answered).toMatchObject({
      outcome: 'answered',
      answer: { status: 200, body: '{"verification":"abc"}' },
    });
  });

  test('from a CloudEvents sender allows its origin', async () => {
    const headers = { 'webhook-request-origin': 'events.example.com' };
    const answered = await received(sampleRequest({ method: 'OPTIONS', headers }));
    expect(answered).toMatchObject({
      outcome: 'answered',
      answer: {
        headers: { 'webhook-allowed-origin': 'events.example.com', 'webhook-allowed-rate': '*' },
      },
    });
  });
});

describe('a signed verification request', () => {
  const asked = (auth: { type: 'slack' | 'zoom' }, body: JsonObject) => {
    const text = JSON.stringify(body);
    return received(sampleJsonRequest(signedBy(auth, text, 'top-secret', sampleNow), text), { auth });
  };

  test('from Slack is answered with its challenge', async () => {
    const body = { type: 'url_verification', challenge: '3eZbrw1aB', token: 'old' };
    expect(await asked({ type: 'slack' }, body)).toEqual(plain('3eZbrw1aB'));
  });

  test('from Zoom is answered with the signed token', async () => {
    const body = { event: 'endpoint.url_validation', payload: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw' } };
    const encryptedToken = createHmac('sha256', 'top-secret').update('qgg8vlvZRS6UYooatFL8Aw').digest('hex');
    const answered = await asked({ type: 'zoom' }, body);
    expect(answered).toMatchObject({
      outcome: 'answered',
      answer: { body: JSON.stringify({ plainToken: 'qgg8vlvZRS6UYooatFL8Aw', encryptedToken }) },
    });
  });

  test('from Discord is answered with a pong', async () => {
    const { auth, headers } = keyOwners.discord;
    const body = Buffer.from('{"type":1}');
    const answered = await received(sampleJsonRequest(headers(body, sampleNow), body.toString()), { auth });
    expect(answered).toMatchObject({ outcome: 'answered', answer: { status: 200, body: '{"type":1}' } });
  });

  test('is not looked for in the payload of a sender without such requests', async () => {
    // Parsing it would throw.
    const payload = new Payload('no JSON');
    const asked = async () => [];
    expect(await answerSignedQuestion({ type: 'secret' }, payload, asked)).toBeNull();
    expect(() => answerSignedQuestion(authConfig.parse({ type: 'slack' }), payload, asked)).toThrow('JSON');
  });

  test('is refused if its signature is wrong', async () => {
    const body = '{"type":"url_verification","challenge":"x"}';
    const forged = signedBy({ type: 'slack' }, body, 'another', sampleNow);
    const refused = await received(sampleJsonRequest(forged, body), { auth: { type: 'slack' } });
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'unauthorized' });
  });
});
