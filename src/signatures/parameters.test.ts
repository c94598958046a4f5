import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import twilio from 'twilio';
import { presets } from './presets.ts';
import { isSigned, parametersText, signatureHeaders, urlWithHash } from './request-signature.ts';

const { scheme } = presets.twilio;
const url = 'https://agents.example.com/webhooks/abc?x=1&y=%20';
const parameters = { To: '+15551234567', Body: 'Grüße & more', From: '+15557654321', body: 'lower case' };
const none = Buffer.from('');

const mapOf = (values: Readonly<Record<string, string>>) =>
  new Map(Object.entries(values).map(([name, value]) => [name, [value]]));

const isForm = (signature: string, values: Readonly<Record<string, string>>, at = url, token = 'token') =>
  isSigned(
    scheme,
    { headers: { [scheme.header]: signature }, body: none, url: at, parameters: mapOf(values) },
    [token],
    0,
    0,
  );

describe('the signature of a form', () => {
  test("is the one that Twilio's own SDK expects", () => {
    fc.assert(
      fc.property(
        fc.webUrl(),
        fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,8}$/), fc.string({ unit: 'grapheme' })),
        (anyUrl, values) => {
          const signed = { body: none, now: 0, url: anyUrl, parameters: mapOf(values) };
          const expected = twilio.getExpectedTwilioSignature('token', anyUrl, values);
          expect(signatureHeaders(scheme, ['token'], signed)).toEqual({ [scheme.header]: expected });
        },
      ),
    );
  });

  test('covers each value of a repeated name once', () => {
    expect(
      parametersText(
        new Map([
          ['b', ['2', '1', '2']],
          ['a', ['']],
        ]),
      ),
    ).toBe('ab1b2');
  });

  test('is known with and without the usual port in the URL', () => {
    const withPort = url.replace('.com/', '.com:443/');
    expect(isForm(twilio.getExpectedTwilioSignature('token', withPort, parameters), parameters)).toBe(true);
    const without = twilio.getExpectedTwilioSignature('token', url, parameters);
    expect(isForm(without, parameters, withPort)).toBe(true);
  });

  test('is of no other token, URL, or form', () => {
    const signature = twilio.getExpectedTwilioSignature('token', url, parameters);
    expect(isForm(signature, parameters)).toBe(true);
    expect(isForm(signature, parameters, url, 'other')).toBe(false);
    expect(isForm(signature, parameters, `${url}1`)).toBe(false);
    expect(isForm(signature, { ...parameters, Body: 'x' })).toBe(false);
    expect(isForm(`${signature}=`, parameters)).toBe(false);
  });
});

describe('the signature of another body', () => {
  const body = '{"id":"EV1"}';
  const isBody = (signature: string, at: string, sent = body) =>
    isSigned(
      scheme,
      { headers: { [scheme.header]: signature }, body: Buffer.from(sent), url: at },
      ['token'],
      0,
      0,
    );

  test("covers it by its hash in the URL, as Twilio's own SDK has it", () => {
    const hashed = urlWithHash(url, body);
    const signature = twilio.getExpectedTwilioSignature('token', hashed, {});
    expect(twilio.validateRequestWithBody('token', signature, hashed, body)).toBe(true);
    expect(isBody(signature, hashed)).toBe(true);
    expect(isBody(signature, hashed, '{"id":"EV2"}')).toBe(false);
  });

  test('covers nothing without the hash, so it is not enough', () => {
    expect(isBody(twilio.getExpectedTwilioSignature('token', url, {}), url)).toBe(false);
  });
});
