import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSignedByKey, publicKeyPresets, publicKeyProblem } from './public-key.ts';

const now = Date.UTC(2026, 10, 22, 9);
const timestamp = String(now / 1_000);

/** A sender with its own key pair. */
function makeSender(type: 'discord' | 'sendgrid') {
  const { scheme } = publicKeyPresets[type];
  const isEdwards = scheme.key === 'ed25519-hex';
  const { publicKey, privateKey } = isEdwards
    ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const key = isEdwards ? der.subarray(-32).toString('hex') : der.toString('base64');
  const headersFor = (body: Uint8Array) => {
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    const signature = sign(isEdwards ? null : 'sha256', signed, privateKey).toString(scheme.encoding);
    return { [scheme.header]: signature, [scheme.timestampHeader]: timestamp };
  };
  return { scheme, key, headersFor };
}

describe.each(['discord', 'sendgrid'] as const)('a request that %s signs', (type) => {
  const { scheme, key, headersFor } = makeSender(type);
  const body = Buffer.from('{"id":"1"}');
  const isSigned = (headers: Record<string, string>, signedBody: Uint8Array = body, by = key, at = now) =>
    isSignedByKey(scheme, { headers, body: signedBody }, by, at, 300);

  test('is known by its key, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => isSigned(headersFor(bytes), bytes)),
      { numRuns: 30 },
    );
  });

  test('is not known with another body, key, time, or signature', () => {
    const headers = headersFor(body);
    expect(isSigned(headers, Buffer.from('{"id":"2"}'))).toBe(false);
    expect(isSigned(headers, body, makeSender(type).key)).toBe(false);
    expect(isSigned({ ...headers, [scheme.timestampHeader]: String(now / 1_000 + 1) })).toBe(false);
    expect(isSigned({ ...headers, [scheme.header]: `${headers[scheme.header]}00` })).toBe(false);
    expect(isSigned({ ...headers, [scheme.header]: '' })).toBe(false);
  });

  test('is too old after five minutes', () => {
    expect(isSigned(headersFor(body), body, key, now + 300_000)).toBe(true);
    expect(isSigned(headersFor(body), body, key, now + 301_000)).toBe(false);
  });

  test('needs a key that is one', () => {
    expect(publicKeyProblem(key, scheme.key)).toBeNull();
    for (const text of ['', 'zz', key.slice(2), Buffer.alloc(64).toString('base64')]) {
      expect(publicKeyProblem(text, scheme.key)).toMatch(/^must be /);
      expect(isSigned(headersFor(body), body, text)).toBe(false);
    }
  });
});
