import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { sampleConnector, sampleNow, sampleReceiveContext } from '../../../test/connectors/sample-records.ts';
import type { ConnectorSecrets } from '../../core/connectors/connector-secrets.ts';
import type { HttpRequest, RequestBody } from '../../core/connectors/http-request.ts';
import type { Refused } from '../../core/connectors/received.ts';
import { type JsonObject, Payload } from '../../core/json/json-value.ts';
import type { RateLimit } from '../../core/ports/rate-limiter.ts';
import type { PresetName } from '../../signatures/presets.ts';
import { inboundMode, receive, syncMode } from './index.ts';
import { sampleJsonRequest, sampleRequest, signedBy } from './samples.ts';

const secrets: ConnectorSecrets = { current: 'top-secret', previous: null, config: {} };
/** Also valid as a Standard Webhooks key. */
const standardSecret = `whsec_${'0123456789abcdef'.repeat(4)}`;
const open = { auth: { type: 'none' } };

function received(request: HttpRequest, config: JsonObject = {}, known = secrets, now = sampleNow) {
  const connector = sampleConnector('webhook', 'inbound', config, known);
  return receive(request, sampleReceiveContext(connector, known, now));
}

/** A body that fails the test if it is read. */
const untouchable: RequestBody = {
  bytes: () => Promise.reject(new Error('the body was read')),
};

describe('the secret', () => {
  const wrong = 'The secret in the request is not the secret of this connector.';
  const missing =
    'The request has no secret. The sender must send it in the header X-Connic-Secret, as a bearer token, as the password of Basic authentication, or as ?secret=.';

  test.each([
    ['missing', {}, '', missing],
    ['wrong', { 'x-connic-secret': 'wrong' }, '', wrong],
    ['empty', { 'x-connic-secret': '' }, '', wrong],
    ['wrong as a bearer token', { authorization: 'Bearer wrong' }, '', wrong],
    ['sent in another scheme', { authorization: 'Basic top-secret' }, '', missing],
    ['wrong as a password', { authorization: `Basic ${btoa('any:wrong')}` }, '', wrong],
    ['a user name', { authorization: `Basic ${btoa('top-secret:')}` }, '', wrong],
    ['a password without a user', { authorization: `Basic ${btoa('top-secret')}` }, '', missing],
    ['a password that is no Base64', { authorization: 'Basic :top-secret' }, '', missing],
    ['wrong in the query', {}, 'secret=wrong', wrong],
    ['in a parameter of another name', {}, 'my-secret=top-secret', missing],
    ['in a query that is not text', {}, 'secret=%FF', missing],
  ])('%s: unauthorized, and the body is not read', async (_what, headers, query, explanation) => {
    const request = { ...sampleRequest({ headers, query }), body: untouchable };
    expect(await received(request)).toEqual({
      outcome: 'refused',
      reason: 'unauthorized',
      detail: 'The connector does not exist, or the credentials are missing or wrong.',
      explanation,
    });
  });

  test.each([
    ['in its header', { 'x-connic-secret': 'top-secret' }, ''],
    ['as a bearer token, in any case', { authorization: 'bearer  top-secret' }, ''],
    ['in the query', {}, 'a=b&secret=top-secret'],
    ['in the query, percent-encoded', {}, 'secret=top%2Dsecret'],
    ['in the query, beside a parameter that is not text', {}, 'secret=top-secret&a=%ff'],
    ['as the password of Basic authentication', { authorization: `Basic ${btoa('any:top-secret')}` }, ''],
    ['as the password of nobody', { authorization: `basic ${btoa(':top-secret')}` }, ''],
    ['in one place, with something else in another', { authorization: 'Bearer other' }, 'secret=top-secret'],
  ])('%s is taken', async (_what, headers, query) => {
    expect(await received(sampleRequest({ headers, query }))).toMatchObject({ outcome: 'accepted' });
  });

  test('from before a rotation is taken until its time is over', async () => {
    const rotated = { ...secrets, previous: { secret: 'old', expiresAt: sampleNow } };
    const request = () => sampleJsonRequest({ 'x-connic-secret': 'old' });
    expect(await received(request(), {}, rotated, sampleNow - 1)).toMatchObject({ outcome: 'accepted' });
    expect(await received(request(), {}, rotated, sampleNow)).toMatchObject({ reason: 'unauthorized' });
  });

  test('beside a parameter of a GET that is not text makes it malformed, not unauthorized', async () => {
    const request = sampleRequest({ method: 'GET', query: 'secret=top-secret&a=%ff' });
    expect(await received(request)).toMatchObject({ outcome: 'refused', reason: 'malformed' });
  });

  test('never reaches the payload of a GET', async () => {
    const request = sampleRequest({ method: 'GET', query: 'a=1&secret=top-secret' });
    expect(await received(request)).toMatchObject({ payload: { value: { a: '1' } } });
  });
});

describe('a signature', () => {
  const body = Buffer.from('{"message":"Hello"}');

  test('is asked for before the body is read', async () => {
    const request = { ...sampleRequest({}), body: untouchable };
    expect(await received(request, { auth: { type: 'github' } })).toMatchObject({ reason: 'unauthorized' });
  });

  test('that is missing, old, or wrong is explained to operators, not to the sender', async () => {
    const explained = async (headers: Record<string, string>, type: string, now = sampleNow) =>
      received(sampleJsonRequest(headers, body.toString()), { auth: { type } }, secrets, now);
    const signed = signedBy({ type: 'slack' }, body, 'another secret', sampleNow);
    expect(await explained({}, 'github')).toMatchObject({
      detail: 'The connector does not exist, or the credentials are missing or wrong.',
      explanation:
        'The request has no "x-hub-signature-256" header: the sender does not sign its requests, or signs them differently.',
    });
    expect(await explained({ 'x-hub-signature-256': 'md5=00' }, 'github')).toMatchObject({
      explanation: expect.stringMatching(/^The signature in "x-hub-signature-256" is malformed, /),
    });
    expect(await explained(signed, 'slack')).toMatchObject({
      explanation: expect.stringMatching(/ does not match: the sender signs with a different secret, or /),
    });
    expect(await explained(signed, 'slack', sampleNow + 400_000)).toMatchObject({
      explanation: expect.stringMatching(
        / is dated more than 300 s from now: the request is old, or a clock /,
      ),
    });
  });

  test('covers the raw body: the same JSON written otherwise is refused', async () => {
    const headers = signedBy({ type: 'github' }, body, 'top-secret', sampleNow);
    const spaced = sampleJsonRequest(headers, '{"message": "Hello"}');
    expect(await received(spaced, { auth: { type: 'github' } })).toMatchObject({ reason: 'unauthorized' });
  });

  test('does not make a GET acceptable, whose payload it does not cover', async () => {
    const captured = {
      headers: signedBy({ type: 'github' }, body, 'top-secret', sampleNow),
      body: '{"message":"Hello"}',
    };
    const request = sampleRequest({ ...captured, method: 'GET', query: 'message=Forged' });
    expect(await received(request, { auth: { type: 'github' } })).toMatchObject({ reason: 'unauthorized' });
  });

  test('that is too old is refused', async () => {
    const request = () => sampleJsonRequest(signedBy({ type: 'slack' }, body, 'top-secret', sampleNow));
    const config = { auth: { type: 'slack', tolerance_seconds: 60 } };
    expect(await received(request(), config, secrets, sampleNow + 60_000)).toMatchObject({
      outcome: 'accepted',
    });
    expect(await received(request(), config, secrets, sampleNow + 62_000)).toMatchObject({
      reason: 'unauthorized',
    });
  });

  test('by the secret that the sender chose makes the own one worthless', async () => {
    const chosen = { ...secrets, config: { signing_secret: 'chosen' } };
    const by = (secret: string) => sampleJsonRequest(signedBy({ type: 'github' }, body, secret, sampleNow));
    expect(await received(by('chosen'), { auth: { type: 'github' } }, chosen)).toMatchObject({
      outcome: 'accepted',
    });
    expect(await received(by('top-secret'), { auth: { type: 'github' } }, chosen)).toMatchObject({
      reason: 'unauthorized',
    });
  });

  test('of a form verifies over its bytes, and the form is read', async () => {
    const form = 'command=%2Fdeploy&text=now';
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      ...signedBy({ type: 'slack' }, form, 'top-secret', sampleNow),
    };
    expect(await received(sampleRequest({ headers, body: form }), { auth: { type: 'slack' } })).toMatchObject(
      {
        payload: { value: { command: '/deploy', text: 'now' } },
      },
    );
  });

  test.each(['', ' ', 'whsec_', '!!!', 'é'])(
    'by nothing is refused where the stored secret is bad: %j',
    async (bad) => {
      const [id, timestamp] = ['msg_1', String(sampleNow / 1_000)];
      const signature = createHmac('sha256', '').update(`${id}.${timestamp}.${body}`).digest('base64');
      const request = sampleJsonRequest({
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      });
      for (const known of [
        { ...secrets, config: { signing_secret: bad } },
        { ...secrets, current: bad },
      ]) {
        expect(await received(request, { auth: { type: 'standard-webhooks' } }, known)).toMatchObject({
          reason: 'unauthorized',
        });
      }
    },
  );

  test('covers the bytes that came, where they are compressed', async () => {
    const compressed = gzipSync(body);
    const sent = (signed: Uint8Array) => {
      const headers = {
        ...signedBy({ type: 'github' }, signed, 'top-secret', sampleNow),
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      };
      return received(sampleRequest({ headers, body: compressed }), { auth: { type: 'github' } });
    };
    expect(await sent(compressed)).toMatchObject({ payload: Payload.of({ message: 'Hello' }) });
    expect(await sent(body)).toMatchObject({ reason: 'unauthorized' });
  });

  test('of GitHub may be over a form, whose field "payload" is the event', async () => {
    const sent = (form: string) => {
      const headers = {
        ...signedBy({ type: 'github' }, form, 'top-secret', sampleNow),
        'content-type': 'application/x-www-form-urlencoded',
      };
      return received(sampleRequest({ headers, body: form }), { auth: { type: 'github' } });
    };
    const event = '{"action":"opened","issue":{"number":1}}';
    expect(await sent(new URLSearchParams({ payload: event }).toString())).toMatchObject({
      payload: Payload.of({ action: 'opened', issue: { number: 1 } }),
    });
    expect(await sent('payload=%7B')).toMatchObject({ reason: 'malformed' });
    expect(await sent('payload=1&other=2')).toMatchObject({
      payload: Payload.of({ payload: '1', other: '2' }),
    });
  });

  test('over a body that is too large is not looked at', async () => {
    const large = 'x'.repeat(2_000);
    const headers = signedBy({ type: 'github' }, large, 'top-secret', sampleNow);
    const request = sampleRequest({ headers, body: large });
    const config = { auth: { type: 'github' }, max_body_bytes: 1_024 };
    expect(await received(request, config)).toMatchObject({ reason: 'too-large' });
  });
});

describe('a browser, at a connector that asks for no authentication', () => {
  const config = { ...open, allowed_origins: ['https://app.example.com'] };
  const from = (headers: Record<string, string>, method = 'POST') =>
    received(sampleRequest({ method, headers: { host: 'agents.example.com', ...headers } }), config);

  test.each<[string, Record<string, string>]>([
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['of another site, in an old browser', { origin: 'https://evil.example' }],
    ['of a neighbouring site', { origin: 'https://blog.example.com', 'sec-fetch-site': 'same-site' }],
    ['of a file or a sandbox', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['that shows an image', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['whose name resolves to the same machine', { origin: 'http://evil.example', host: 'evil.example' }],
    ['that says it is at home', { origin: 'https://agents.example.com', 'sec-fetch-site': 'same-origin' }],
    ['that says it is at home, without its name', { 'sec-fetch-site': 'same-origin' }],
    ['of another port', { origin: 'https://agents.example.com:8443' }],
    ['of a listed host without https', { origin: 'http://app.example.com', 'sec-fetch-site': 'cross-site' }],
  ])('is refused for a page %s', async (_what, headers) => {
    for (const method of ['POST', 'GET']) {
      expect(await from(headers, method)).toMatchObject({ reason: 'origin-not-allowed' });
    }
  });

  test.each<[string, Record<string, string>]>([
    ['a listed origin', { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' }],
    [
      'the listed origin itself, whose GET does not name it',
      { host: 'app.example.com', 'sec-fetch-site': 'same-origin' },
    ],
    ['nobody but its user', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['no browser at all', {}],
  ])('is taken for %s', async (_what, headers) => {
    expect(await from(headers)).toMatchObject({ outcome: 'accepted' });
  });

  test('is nobody to look at where a secret is asked for', async () => {
    const headers = { 'x-connic-secret': 'top-secret', origin: 'https://evil.example' };
    expect(await received(sampleRequest({ headers }))).toMatchObject({ outcome: 'accepted' });
  });
});

describe('a request', () => {
  test.each([
    ['HEAD', 200],
    ['OPTIONS', 204],
  ])('with %s only looks whether anybody is there, whoever sends it', async (method, status) => {
    expect(await received({ ...sampleRequest({ method }), body: untouchable })).toEqual({
      outcome: 'answered',
      answer: { status, headers: expect.objectContaining({ allow: 'GET, HEAD, OPTIONS, POST' }), body: '' },
      reason: null,
    });
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('with %s is refused before anything else', async (method) => {
    expect(await received({ ...sampleRequest({ method }), body: untouchable })).toEqual({
      outcome: 'refused',
      reason: 'method-not-allowed',
      detail: 'Webhooks accept POST and GET requests.',
    });
  });

  test('is admitted once its sender is known and before its body is read', async () => {
    const asked: (RateLimit | undefined)[] = [];
    const busy: Refused = {
      outcome: 'refused',
      reason: 'rate-limited',
      detail: 'Later.',
      retryAfterSeconds: 3,
    };
    const config = { ...open, rate_limit: { requests: 5, per_seconds: 10 } };
    const context = sampleReceiveContext(sampleConnector('webhook', 'inbound', config));
    const admit = (limit?: RateLimit) => {
      asked.push(limit);
      return busy;
    };
    const refused = await receive({ ...sampleRequest({}), body: untouchable }, { ...context, admit });
    expect(refused).toEqual(busy);
    expect(asked).toEqual([{ requests: 5, perSeconds: 10 }]);
  });

  test('that breaks off is refused', async () => {
    const body: RequestBody = { bytes: async () => 'interrupted' };
    expect(await received({ ...sampleJsonRequest({}), body }, open)).toMatchObject({
      reason: 'malformed',
      detail: 'The body ended early.',
    });
  });
});

describe('the id of an event', () => {
  async function repeatOf(request: HttpRequest, config: JsonObject = {}) {
    const taken = await received(request, { ...open, ...config });
    if (taken.outcome !== 'accepted') throw new Error(taken.outcome);
    return taken.repeat;
  }

  test('is nothing where the sender gives no key', async () => {
    expect(await repeatOf(sampleJsonRequest({}))).toBeNull();
    expect(await repeatOf(sampleJsonRequest({ 'idempotency-key': '' }))).toBeNull();
    expect(await repeatOf(sampleJsonRequest({}), { dedupe: { header: 'x-id' } })).toBeNull();
    expect(await repeatOf(sampleJsonRequest({}), { dedupe: { body_path: 'id' } })).toBeNull();
  });

  test('is the Idempotency-Key, for 24 hours', async () => {
    const repeat = await repeatOf(sampleJsonRequest({ 'idempotency-key': 'k' }));
    expect(repeat).toMatchObject({ key: 'k', validForMs: 86_400_000 });
  });

  test('is the configured header, in any case', async () => {
    const config = { dedupe: { header: 'X-GitHub-Delivery' } };
    expect(await repeatOf(sampleJsonRequest({ 'x-github-delivery': 'd' }), config)).toMatchObject({
      key: 'd',
    });
    const both = sampleJsonRequest({ 'x-github-delivery': 'd', 'idempotency-key': 'k' });
    expect(await repeatOf(both, config)).toMatchObject({ key: 'k' });
  });

  test.each([
    ['{"event":{"id":"e"}}', 'e'],
    ['{"event":{"id":7}}', '7'],
    ['{"event":{"id":{"a":1}}}', '{"a":1}'],
  ])('is the value at the configured path of %s', async (body, key) => {
    const config = { dedupe: { body_path: 'event.id' } };
    expect(await repeatOf(sampleJsonRequest({}, body), config)).toMatchObject({ key });
  });

  describe('of a known sender is its own id', () => {
    const signedJson = (type: PresetName, body: string, headers: Record<string, string> = {}) =>
      sampleJsonRequest({ ...signedBy({ type }, body, standardSecret, sampleNow), ...headers }, body);
    const repeatBy = async (type: PresetName, body: string, headers = {}, config: JsonObject = {}) => {
      const known = { ...secrets, current: standardSecret };
      const taken = await received(signedJson(type, body, headers), { auth: { type }, ...config }, known);
      return taken.outcome === 'accepted' ? taken.repeat : taken;
    };

    test.each<[PresetName, string, Record<string, string>, string]>([
      ['standard-webhooks', '{}', {}, 'msg_1'],
      ['github', '{}', { 'x-github-delivery': '72d3162e' }, '72d3162e'],
      ['stripe', '{"id":"evt_1","pending_webhooks":2}', {}, 'evt_1'],
      ['slack', '{"event_id":"Ev1","type":"event_callback"}', {}, 'Ev1'],
      // One action of a merchant may have several topics, each with an event of its own.
      ['shopify', '{}', { 'x-shopify-event-id': 'action', 'x-shopify-webhook-id': 'b54557e4' }, 'b54557e4'],
    ])('%s', async (type, body, headers, id) => {
      expect(await repeatBy(type, body, headers)).toMatchObject({ key: `${type}: ${id}` });
      expect(await repeatBy(type, body, headers, { preset_dedupe: false })).toBeNull();
    });

    test('also where the repeat says it in other words, as Stripe counts down what is pending', async () => {
      const first = await repeatBy('stripe', '{"id":"evt_1","pending_webhooks":2}');
      expect(await repeatBy('stripe', '{"id":"evt_1","pending_webhooks":1}')).toEqual(first);
    });

    test('but where the configuration names something else, or the request an Idempotency-Key', async () => {
      const github = { 'x-github-delivery': 'd' };
      expect(await repeatBy('github', '{"a":1}', github, { dedupe: { body_path: 'a' } })).toMatchObject({
        key: '1',
      });
      expect(await repeatBy('github', '{}', github, { dedupe: { body_path: 'a' } })).toBeNull();
      expect(await repeatBy('github', '{}', { ...github, 'idempotency-key': 'k' })).toMatchObject({
        key: 'k',
      });
    });

    test('and nothing where the event has none, as a slash command of Slack', async () => {
      expect(await repeatBy('slack', '{"command":"/deploy"}')).toBeNull();
      expect(await repeatBy('github', '{}')).toBeNull();
    });
  });

  test('is short, however long the key', async () => {
    const repeat = await repeatOf(sampleJsonRequest({ 'idempotency-key': 'k'.repeat(10_000) }));
    expect(repeat?.key.length).toBeLessThan(50);
  });

  test('has a fingerprint of the payload, that the secret is no part of', async () => {
    const fingerprint = async (request: HttpRequest) => (await repeatOf(request))?.fingerprint;
    const key = { 'idempotency-key': 'k' };
    const one = await fingerprint(sampleJsonRequest(key, '{"a":1}'));
    expect(await fingerprint(sampleJsonRequest(key, '{"a":1}'))).toBe(one);
    expect(await fingerprint(sampleJsonRequest(key, '{"a":2}'))).not.toBe(one);
    const get = (query: string) => fingerprint(sampleRequest({ method: 'GET', headers: key, query }));
    expect(await get('a=1&secret=x')).toBe(await get('a=1&secret=y'));
    expect(await get('a=1')).not.toBe(await get('a=2'));
  });
});

describe('what a run is told of its request', () => {
  async function contextOf(request: HttpRequest, config: JsonObject = {}) {
    const taken = await received(request, config);
    if (taken.outcome !== 'accepted') throw new Error(taken.outcome);
    return taken.context;
  }
  const bySecret = { 'x-connic-secret': 'top-secret' };

  test('is its method and its query, without the secret', async () => {
    const query = 'source=shop&tag=a&tag=b&secret=top-secret';
    expect(await contextOf(sampleRequest({ headers: bySecret, query }))).toEqual({
      request: { method: 'POST', headers: {}, query: { source: 'shop', tag: ['a', 'b'] } },
    });
    expect(await contextOf(sampleRequest({ method: 'GET', query }))).toMatchObject({
      request: { method: 'GET', query: { source: 'shop' } },
    });
  });

  test('is each header that the connector lists, by its name in lower case', async () => {
    const headers = {
      ...bySecret,
      'x-shopify-topic': 'orders/paid',
      'ce-id': '1',
      'ce-type': 'a.b',
      'x-other': 'x',
    };
    const config = { pass_headers: ['X-Shopify-Topic', 'ce-*', 'x-absent'] };
    expect(await contextOf(sampleRequest({ headers }), config)).toMatchObject({
      request: { headers: { 'x-shopify-topic': 'orders/paid', 'ce-id': '1', 'ce-type': 'a.b' } },
    });
  });

  test('is what its preset brings, beside what is listed', async () => {
    const body = '{"action":"opened"}';
    const headers = {
      ...signedBy({ type: 'github' }, body, 'top-secret', sampleNow),
      'x-github-event': 'issues',
      'user-agent': 'GitHub-Hookshot/044aadd',
    };
    const config = { auth: { type: 'github' }, pass_headers: ['user-agent'] };
    expect(await contextOf(sampleJsonRequest(headers, body), config)).toMatchObject({
      request: { headers: { 'x-github-event': 'issues', 'user-agent': 'GitHub-Hookshot/044aadd' } },
    });
  });

  test('is never a header that proves who sends, whatever the list covers', async () => {
    const body = '{}';
    const headers = {
      ...signedBy({ type: 'hmac', header: 'x-shop-proof' }, body, 'top-secret', sampleNow),
      'x-shop-topic': 'orders/paid',
      'x-shop-hmac-sha256': 'c',
      'x-shop-token': 't',
      'x-shop-api-key': 'k',
    };
    const config = { auth: { type: 'hmac', header: 'x-shop-proof' }, pass_headers: ['x-shop-*'] };
    const context = await contextOf(sampleJsonRequest(headers, body), config);
    expect(context).toMatchObject({ request: { headers: { 'x-shop-topic': 'orders/paid' } } });
    expect(Object.keys(context['request'] && Object(context['request']).headers)).toEqual(['x-shop-topic']);
  });

  test('lacks a parameter of the query that is not text, and a warning says so', async () => {
    const taken = await received(sampleRequest({ headers: bySecret, query: 'a=1&b=%ff' }));
    expect(taken).toMatchObject({
      context: { request: { query: { a: '1' } } },
      warnings: ["1 of the query's parameters were omitted: they are not valid."],
    });
  });

  test('has the first 1,000 parameters of a query, and a warning tells of the others', async () => {
    const query = `b=%ff&${Array.from({ length: 1_001 }, (_, index) => `a=${index}`).join('&')}`;
    const taken = await received(sampleRequest({ headers: bySecret, query }));
    expect(taken).toMatchObject({
      context: { request: { query: { a: Array.from({ length: 999 }, (_, index) => String(index)) } } },
      warnings: [
        "1 of the query's parameters were omitted: they are not valid.",
        "2 of the query's parameters were omitted: they come after the first 1000.",
      ],
    });
  });
});

describe('the configuration of a receiving webhook', () => {
  test.each([
    ['an unknown way to authenticate', { auth: { type: 'magic' } }, /'secret' \| 'none'/],
    ['a header that is none', { auth: { type: 'hmac', header: 'a b' } }, /not the name of an HTTP header/],
    ['no way to tell repeats', { dedupe: {} }, /Set either/],
    ['two ways to tell repeats', { dedupe: { header: 'a', body_path: 'b' } }, /Set either/],
    ['a rate of nothing', { rate_limit: { requests: 0 } }, /1/],
    ['an origin with a path', { allowed_origins: ['https://a.example/'] }, /without a path/],
    ['every origin', { allowed_origins: ['*'] }, /Enter an origin/],
    ['to pass on a credential', { pass_headers: ['Authorization'] }, /agents cannot receive it/],
    [
      'to pass on the signature',
      { auth: { type: 'hmac', header: 'x-s' }, pass_headers: ['X-S'] },
      /agents cannot receive/,
    ],
    ['to pass on everything', { pass_headers: ['*'] }, /at the end of a name/],
    ['an empty signing secret', { signing_secret: '' }, /blank/],
    ['a blank signing secret', { auth: { type: 'github' }, signing_secret: ' \t' }, /blank/],
    ['a public key', { auth: { type: 'slack' }, signing_secret: 'whpk_abc' }, /public key \(whpk_\)/],
    ...['whsec_', '!!!', 'é', 'whsec_c2hvcnQ='].map((secret): [string, JsonObject, RegExp] => [
      `${secret} for Standard Webhooks`,
      { auth: { type: 'standard-webhooks' }, signing_secret: secret },
      /24 to 64 bytes/,
    ]),
    ['a body larger than the largest', { max_body_bytes: 1e12 }, /104857600/],
  ])('refuses %s', (_what, config, expected) => {
    const issues = inboundMode.config.safeParse(config).error?.issues ?? [];
    expect(issues.map(({ message }) => message).join()).toMatch(expected);
  });

  test('has a timeout of 5 minutes where it is sync, and none where it is inbound', () => {
    expect(syncMode.config.parse({})).toMatchObject({ timeout_seconds: 300 });
    expect(syncMode.config.safeParse({ timeout_seconds: 301 }).success).toBe(false);
    expect(inboundMode.config.safeParse({ timeout_seconds: 10 }).success).toBe(false);
  });
});

test('a secret is a plain secret, stands in a query as it is, and is a Standard Webhooks key', () => {
  const secret = inboundMode.makeSecret?.((count) => new Uint8Array(count).fill(0xab)) ?? '';
  expect(secret).toBe(`whsec_${'ab'.repeat(32)}`);
  expect(encodeURIComponent(secret)).toBe(secret);
  const key = secret.slice('whsec_'.length);
  expect(Buffer.from(key, 'base64').toString('base64')).toBe(key);
});

describe('signed content of a scheme of your own', () => {
  const problemsOf = (auth: JsonObject) => {
    const parsed = inboundMode.config.safeParse({ auth: { type: 'hmac', header: 'x-signature', ...auth } });
    return parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  };

  test.each([
    [
      { signed_content: '{timestamp}.{body}' },
      'auth.timestamp_header is needed for {timestamp} in the signed content.',
    ],
    [{ signed_content: '{id}.{body}' }, 'auth.id_header is needed for {id} in the signed content.'],
    [
      { signed_content: '{method}' },
      'auth.signed_content must contain {body}, and no other places than {timestamp}, {id}, {method}, and {url}.',
    ],
    [
      { signed_content: '{host}{body}' },
      'auth.signed_content must contain {body}, and no other places than {timestamp}, {id}, {method}, and {url}.',
    ],
  ])('is refused where it cannot be put together: %j', (auth, problem) => {
    expect(problemsOf(auth)).toEqual([problem]);
  });

  test('is taken with all that it needs', () => {
    expect(problemsOf({ signed_content: '{id}.{body}', id_header: 'x-id' })).toEqual([]);
  });
});
