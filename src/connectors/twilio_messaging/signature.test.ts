import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import twilio from 'twilio';
import { isSignedBy, signatureOf } from './signature.ts';

const url = 'https://agents.example.com/webhooks/abc?x=1&y=%20';
const parameters = { To: '+15551234567', Body: 'Grüße & more', From: '+15557654321', body: 'lower case' };

const fieldsOf = (values: Readonly<Record<string, string>>) =>
  new Map(Object.entries(values).map(([name, value]) => [name, [value]]));

describe('the signature of a request', () => {
  test("is the one that Twilio's own SDK expects", () => {
    fc.assert(
      fc.property(
        fc.webUrl(),
        fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,8}$/), fc.string({ unit: 'grapheme' })),
        (anyUrl, values) => {
          const expected = twilio.getExpectedTwilioSignature('token', anyUrl, values);
          expect(signatureOf(anyUrl, fieldsOf(values), 'token').toString('base64')).toBe(expected);
        },
      ),
    );
  });

  test('is known with and without the usual port in the URL', () => {
    const withPort = url.replace('.com/', '.com:443/');
    const signature = twilio.getExpectedTwilioSignature('token', withPort, parameters);
    expect(isSignedBy('token', signature, url, fieldsOf(parameters))).toBe(true);
    const without = twilio.getExpectedTwilioSignature('token', url, parameters);
    expect(isSignedBy('token', without, withPort, fieldsOf(parameters))).toBe(true);
  });

  test('is of no other token, URL or form', () => {
    const signature = twilio.getExpectedTwilioSignature('token', url, parameters);
    expect(isSignedBy('token', signature, url, fieldsOf(parameters))).toBe(true);
    expect(isSignedBy('other', signature, url, fieldsOf(parameters))).toBe(false);
    expect(isSignedBy('token', signature, `${url}1`, fieldsOf(parameters))).toBe(false);
    expect(isSignedBy('token', signature, url, fieldsOf({ ...parameters, Body: 'x' }))).toBe(false);
    expect(isSignedBy('token', `${signature}=`, url, fieldsOf(parameters))).toBe(false);
  });
});
