import { describe, expect, test } from '@jest/globals';
import { type PersonalEntity, personalEntities } from '../../agent-definition.ts';
import { redactPersonalData } from './personal-data.ts';

function redacted(text: string, entities: readonly PersonalEntity[] = personalEntities): string {
  return redactPersonalData(text, entities, new Map());
}

describe('personal data is replaced by what it is', () => {
  test.each([
    ['Write to john@example.com.', 'Write to [EMAIL_REDACTED].'],
    ['jöhn.doe+news@müller.example.co.uk', '[EMAIL_REDACTED]'],
    ['mailto:a@b.io, <c@d.io>', 'mailto:[EMAIL_REDACTED], <[EMAIL_REDACTED]>'],
    ['Call +49 151 12345678 or (555) 123-4567.', 'Call [PHONE_REDACTED] or [PHONE_REDACTED].'],
    ['+442079460958, 030 1234567, 1 800 555 0199', '[PHONE_REDACTED], [PHONE_REDACTED], [PHONE_REDACTED]'],
    ['SSN 123-45-6789', 'SSN [SSN_REDACTED]'],
    ['4111 1111 1111 1111', '[CREDIT_CARD_REDACTED]'],
    ['4111-1111-1111-1111 12', '[CREDIT_CARD_REDACTED] 12'],
    ['Amex 378282246310005', 'Amex [CREDIT_CARD_REDACTED]'],
    ['IBAN DE89 3704 0044 0532 0130 00 please', 'IBAN [IBAN_REDACTED] please'],
    ['BE68 5390 0754 7034 THAT, gb82west12345698765432', '[IBAN_REDACTED] THAT, [IBAN_REDACTED]'],
    ['from 192.168.0.1.', 'from [IP_ADDRESS_REDACTED].'],
    ['2001:db8::8a2e:370:7334 and ::ffff:10.0.0.1', '[IP_ADDRESS_REDACTED] and [IP_ADDRESS_REDACTED]'],
    [
      '4111\u00a01111\u202f1111\u20091111, +49\u00a0151\u00a012345678',
      '[CREDIT_CARD_REDACTED], [PHONE_REDACTED]',
    ],
    [
      '123\u201145\u20116789, 123–45–6789, SSN—123-45-6789',
      '[SSN_REDACTED], [SSN_REDACTED], SSN—[SSN_REDACTED]',
    ],
    ['ada＠example．com，１２３－４５－６７８９', '[EMAIL_REDACTED]，[SSN_REDACTED]'],
    ['AKIAIOSFODNN7EXAMPLE', '[API_KEY_REDACTED]'],
    ['sk-ant-api03-abcdefghijklmnop123456', '[API_KEY_REDACTED]'],
    ['api_key="abcdefghijklmnop1234"', 'api_key="[API_KEY_REDACTED]"'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl', '[API_KEY_REDACTED]'],
  ])('%s', (text, expected) => {
    expect(redacted(text)).toBe(expected);
  });
});

describe('what only looks like it stays', () => {
  test.each([
    'On 2026-11-28 at 12:30:45, order A-1001 for 10.50 EUR.',
    'A card with a wrong last digit: 4111 1111 1111 1112.',
    'An IBAN with wrong check digits: DE88370400440532013000.',
    'A number that is never issued: 000-12-3456, 900-12-3456.',
    'Version 1.2.3, v1.2.3.4, 999.1.1.1, at 12:30.',
    'id 550e8400-e29b-41d4-a716-446655440000',
    'abc@def, @mention, a@b',
    'From 2024–2025, 10–20\u00a0%, －５',
    'task-sk-ill, sk-circle-fade-dot-wrapper, api key: see the manual',
  ])('%s', (text) => {
    expect(redacted(text)).toBe(text);
  });
});

test('only what the guardrail names is replaced, and counted', () => {
  const found = new Map();
  const text = 'a@b.io, c@d.io, 123-45-6789';
  expect(redactPersonalData(text, ['email'], found)).toBe('[EMAIL_REDACTED], [EMAIL_REDACTED], 123-45-6789');
  expect([...found]).toEqual([['email', 2]]);
});

/** Each would keep an expression that backtracks busy for hours. */
test.each([
  ...['a', '1', '1 ', '+1', 'a.', 'a@', ':', 'a:', 'DE12 ', 'DE12A ', 'eyJa', 'eyJaaaaaaaaaaa.', 'sk-'],
  ...[
    '0123 ',
    '(012',
    '1.',
    '1-',
    '4111 1111 1111 1112 ',
    '1–',
    '\u00a0',
    'api key',
    '-----BEGIN PRIVATE KEY-----',
  ],
])('a long text of %j takes no longer than its length', (part) => {
  const text = part.repeat(100_000 / part.length);
  expect(redacted(text).length).toBeGreaterThan(0);
});
