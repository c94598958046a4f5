import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { connicScheme, presetNames, presets } from './presets.ts';
import { isSigned, type RequestHeaders, signatureHeaders } from './request-signature.ts';
import type { SignatureScheme } from './signature-scheme.ts';

const now = Date.UTC(2026, 10, 22, 9);
const called = { method: 'POST', url: 'https://agents.example.com/webhooks/sample?a=1' };
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const schemes: readonly (readonly [string, SignatureScheme])[] = [
  ...presetNames
    // Their signatures do not cover a body of any bytes: src/signatures/parameters.test.ts, src/connectors/webhook.
    .filter((name) => name !== 'twilio' && name !== 'mailgun')
    .map((name) => [name, presets[name].scheme] as const),
  ['X-Connic-Signature', connicScheme],
  [
    'Base64 behind a prefix',
    { ...connicScheme, encoding: 'base64', carrier: { kind: 'single', prefix: 'sig ' } },
  ],
  ['SHA-1 without a time', { ...connicScheme, algorithm: 'sha1', timestamp: null, signedContent: '{body}' }],
];

const standardWebhooks = presets['standard-webhooks'].scheme;
const stripe = presets.stripe.scheme;

describe.each(schemes)('%s', (_name, scheme) => {
  const timed = scheme.timestamp !== null;
  const sign = (body: Uint8Array, key: string) =>
    signatureHeaders(scheme, [key], { body, now, id: 'msg_1', ...called });
  const verify = (headers: RequestHeaders, body: Uint8Array, secrets: readonly string[], at: number) =>
    isSigned(scheme, { headers, body, ...called }, secrets, at, 300);
  const body = Buffer.from('{"a":1}');
  const otherSecret = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

  test('verifies what it signed, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(verify(sign(bytes, secret), bytes, [secret], now)).toBe(true);
      }),
    );
  });

  test('refuses another body', () => {
    expect(verify(sign(body, secret), Buffer.from('{"a":2}'), [secret], now)).toBe(false);
  });

  test('refuses another secret, and takes any of several', () => {
    expect(verify(sign(body, secret), body, [otherSecret], now)).toBe(false);
    expect(verify(sign(body, secret), body, [otherSecret, secret], now)).toBe(true);
  });

  test('refuses everything where there is no secret', () => {
    expect(verify(sign(body, secret), body, [], now)).toBe(false);
  });

  test('refuses a request that lacks any of its headers', () => {
    const headers = sign(body, secret);
    for (const name of Object.keys(headers)) {
      expect(verify({ ...headers, [name]: undefined }, body, [secret], now)).toBe(false);
    }
  });

  test('never throws for headers of any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        const texts = [left, right, `t=${left},v1=${right}`, `v1,${left}`, `sha256=${left}`];
        for (const text of texts) {
          const headers = Object.fromEntries(Object.keys(sign(body, secret)).map((name) => [name, text]));
          expect(verify(headers, body, [secret], now)).toBe(false);
        }
      }),
    );
  });

  test('refuses a signature with anything before, within or behind it', () => {
    const headers = sign(body, secret);
    const signature = headers[scheme.header] ?? '';
    const extended = ['zz', ',junk', ' junk', '==', '\n', '!', '00'].map((more) => signature + more);
    const others = [`x${signature}`, signature.slice(0, -1), signature.replace(/.$/, '!')];
    for (const text of [...extended, ...others]) {
      expect([text, verify({ ...headers, [scheme.header]: text }, body, [secret], now)]).toEqual([
        text,
        false,
      ]);
    }
  });

  test('takes no signature by a secret that is none, such as an empty one', () => {
    const timestamp = scheme.timestamp === null ? {} : { ...sign(body, secret) };
    for (const bad of ['', ' ', '\t\n', 'whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']) {
      for (const key of ['', bad]) {
        const forged = forgedHeaders(scheme, timestamp, body, key);
        expect(verify(forged, body, [bad], now)).toBe(false);
      }
      expect(() => sign(body, bad)).toThrow('cannot be used');
    }
  });

  test(timed ? 'refuses a signature made more than 5 minutes away' : 'is valid at any time', () => {
    const headers = sign(body, secret);
    expect(verify(headers, body, [secret], now + 300_000)).toBe(true);
    expect(verify(headers, body, [secret], now + 301_000)).toBe(!timed);
    expect(verify(headers, body, [secret], now - 301_000)).toBe(!timed);
  });
});

/** The headers of a sender that signs with this text as the key, whether or not the product accepts it. */
function forgedHeaders(
  scheme: SignatureScheme,
  timed: Record<string, string>,
  body: Uint8Array,
  key: string,
): Record<string, string> {
  const at = String(now / 1_000);
  const signed = scheme.signedContent
    .replace('{timestamp}', at)
    .replace('{id}', 'msg_1')
    .replace('{body}', Buffer.from(body).toString());
  const signature = createHmac(scheme.algorithm, key).update(signed).digest(scheme.encoding);
  const { carrier } = scheme;
  const entry = carrier.kind === 'single' ? '' : `${carrier.signature}${carrier.assignment}`;
  const text = carrier.kind === 'single' ? carrier.prefix + signature : entry + signature;
  const time = scheme.timestamp !== null && 'entry' in scheme.timestamp ? `t=${at},` : '';
  return { ...timed, [scheme.header]: time + text };
}

describe('published examples', () => {
  test("GitHub's, from its page on validating deliveries", () => {
    const { scheme } = presets.github;
    expect(signatureHeaders(scheme, ["It's a Secret to Everybody"], { body: 'Hello, World!', now })).toEqual({
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    });
  });

  test("Slack's, from its page on verifying requests", () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
      '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
      '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
      '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const message = { body, now: 1_531_420_618_000 };
    expect(signatureHeaders(presets.slack.scheme, ['8f742231b10e8888abcd99yyyzzz85a5'], message)).toEqual({
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    });
  });

  test("Standard Webhooks', from its reference libraries", () => {
    const message = {
      body: '{"test": 2432232314}',
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      now: 1_614_265_330_000,
    };
    expect(signatureHeaders(standardWebhooks, [secret], message)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

test('the reference library verifies Standard Webhooks signatures by either secret of a rotation', () => {
  const old = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  const message = { body: '{"a":1}', id: 'msg_1', now: Date.now() };
  const headers = signatureHeaders(standardWebhooks, [secret, old], message);
  expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 });
  expect(new Webhook(old).verify('{"a":1}', headers)).toEqual({ a: 1 });
});

describe('several signatures', () => {
  const body = Buffer.from('body');
  const zeros = Buffer.alloc(32);

  function isTaken(scheme: SignatureScheme, change: (signature: string) => string): boolean {
    const headers = signatureHeaders(scheme, [secret], { body, now, id: 'msg_1' });
    const changed = { ...headers, [scheme.header]: change(headers[scheme.header] ?? '') };
    return isSigned(scheme, { headers: changed, body }, [secret], now, 300);
  }

  test('of Standard Webhooks stand apart by a space, other versions among them', () => {
    const other = zeros.toString('base64');
    expect(isTaken(standardWebhooks, (good) => `v1,${other} v1a,anything ${good}`)).toBe(true);
    expect(isTaken(standardWebhooks, (good) => `${good},v1,${other}`)).toBe(false);
    expect(isTaken(standardWebhooks, (good) => `${good} junk`)).toBe(false);
  });

  test('of Stripe stand apart by a comma, older schemes among them', () => {
    const other = zeros.toString('hex');
    expect(isTaken(stripe, (good) => `${good}, v1=${other},v0=anything`)).toBe(true);
    expect(isTaken(stripe, (good) => `${good} v1=${other}`)).toBe(false);
    expect(isTaken(stripe, (good) => `${good},t=${now / 1_000}`)).toBe(false);
  });

  test('are no feature of GitHub and Slack', () => {
    for (const { scheme } of [presets.github, presets.slack]) {
      expect(isTaken(scheme, (good) => good)).toBe(true);
      expect(isTaken(scheme, (good) => `${good},${good}`)).toBe(false);
      expect(isTaken(scheme, (good) => `${good}, ${good}`)).toBe(false);
    }
  });
});
