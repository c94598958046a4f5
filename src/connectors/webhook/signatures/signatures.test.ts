import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import type { HmacAuth } from '../auth-config.ts';
import { signGenericHmac, verifyGenericHmac } from './generic-hmac.ts';
import { signGithub, verifyGithub } from './github.ts';
import type { RequestHeaders } from './hmac.ts';
import { signSlack, verifySlack } from './slack.ts';
import { signStandardWebhooks, verifyStandardWebhooks } from './standard-webhooks.ts';
import { signStripe, verifyStripe } from './stripe.ts';

const now = Date.UTC(2026, 10, 22, 9);
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const hmacAuth: HmacAuth = {
  type: 'hmac',
  header: 'x-signature',
  algorithm: 'sha1',
  encoding: 'base64',
  prefix: 'sig ',
  timestamp_header: 'x-time',
  tolerance_seconds: 300,
};

interface Scheme {
  readonly name: string;
  readonly timed: boolean;
  sign(body: Uint8Array, secret: string): Record<string, string>;
  verify(headers: RequestHeaders, body: Uint8Array, secrets: readonly string[], at: number): boolean;
}

const schemes: readonly Scheme[] = [
  {
    name: 'Standard Webhooks',
    timed: true,
    sign: (body, key) => signStandardWebhooks(body, [key], 'msg_1', now),
    verify: (headers, body, secrets, at) => verifyStandardWebhooks(headers, body, secrets, at, 300),
  },
  { name: 'GitHub', timed: false, sign: signGithub, verify: verifyGithub },
  {
    name: 'Stripe',
    timed: true,
    sign: (body, key) => signStripe(body, key, now),
    verify: (headers, body, secrets, at) => verifyStripe(headers, body, secrets, at, 300),
  },
  {
    name: 'Slack',
    timed: true,
    sign: (body, key) => signSlack(body, key, now),
    verify: (headers, body, secrets, at) => verifySlack(headers, body, secrets, at, 300),
  },
  {
    name: 'generic HMAC with a timestamp',
    timed: true,
    sign: (body, key) => signGenericHmac(body, key, hmacAuth, now),
    verify: (headers, body, secrets, at) => verifyGenericHmac(headers, body, secrets, hmacAuth, at),
  },
  {
    name: 'generic HMAC without a timestamp',
    timed: false,
    sign: (body, key) => signGenericHmac(body, key, { ...hmacAuth, timestamp_header: null }, now),
    verify: (headers, body, secrets, at) =>
      verifyGenericHmac(headers, body, secrets, { ...hmacAuth, timestamp_header: null }, at),
  },
];

describe.each(schemes)('$name', ({ sign, verify, timed }) => {
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
        const texts = [left, right, `t=${left},v1=${right}`, `v1,${left}`];
        for (const text of texts) {
          const headers = Object.fromEntries(Object.keys(sign(body, secret)).map((name) => [name, text]));
          expect(verify(headers, body, [secret], now)).toBe(false);
        }
      }),
    );
  });

  test(timed ? 'refuses a signature made more than 5 minutes away' : 'is valid at any time', () => {
    const headers = sign(body, secret);
    expect(verify(headers, body, [secret], now + 300_000)).toBe(true);
    expect(verify(headers, body, [secret], now + 301_000)).toBe(!timed);
    expect(verify(headers, body, [secret], now - 301_000)).toBe(!timed);
  });
});

describe('published examples', () => {
  test("GitHub's, from its page on validating deliveries", () => {
    expect(signGithub(Buffer.from('Hello, World!'), "It's a Secret to Everybody")).toEqual({
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    });
  });

  test("Slack's, from its page on verifying requests", () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
      '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
      '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
      '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    expect(signSlack(Buffer.from(body), '8f742231b10e8888abcd99yyyzzz85a5', 1_531_420_618_000)).toEqual({
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    });
  });

  test("Standard Webhooks', from its reference libraries", () => {
    const signed = signStandardWebhooks(
      '{"test": 2432232314}',
      [secret],
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
    );
    expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});

test('the reference library verifies Standard Webhooks signatures by either secret of a rotation', () => {
  const old = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  const headers = signStandardWebhooks('{"a":1}', [secret, old], 'msg_1', Date.now());
  expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 });
  expect(new Webhook(old).verify('{"a":1}', headers)).toEqual({ a: 1 });
});

test('Stripe signs the time, a dot and the body, with the whole secret as the key', () => {
  const expected = createHmac('sha256', secret)
    .update(`${now / 1_000}.body`)
    .digest('hex');
  expect(signStripe(Buffer.from('body'), secret, now)).toEqual({
    'stripe-signature': `t=${now / 1_000},v1=${expected}`,
  });
});

test('Stripe may send several signatures, and ones of older schemes', () => {
  const body = Buffer.from('body');
  const signed = signStripe(body, secret, now)['stripe-signature'];
  const header = `${signed}, v1=${'0'.repeat(64)},v0=${'1'.repeat(64)}`;
  expect(verifyStripe({ 'stripe-signature': header }, body, [secret], now, 300)).toBe(true);
});
