import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redactorOf } from './redact.ts';

/** Like the unit "binary" of `fc.string`, which first lists all of Unicode. */
const anyCodePoint = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

const env = {
  OPENAI_API_KEY: 'sk-proj-12345678',
  DB_PASSWORD: 'p.ss+word',
  SHORT_TOKEN: 'on',
  HOME: '/home/ada',
};
const redactor = redactorOf(env);

describe('what is redacted', () => {
  test.each([
    ['the value of a key in the environment', 'asked with sk-proj-12345678!', 'asked with [redacted]!'],
    ['a value with characters that patterns know', 'p.ss+word and pass+word', '[redacted] and pass+word'],
    ['an authorization header', 'Authorization: Bearer abc.def', 'Authorization: [redacted]'],
    [
      'an authorization header as JSON',
      '{"authorization":"Basic abc=","id":1}',
      '{"authorization":"[redacted]","id":1}',
    ],
    ['an API key header', "'x-goog-api-key': 'abc'", "'x-goog-api-key': '[redacted]'"],
    ['a bearer token alone', 'curl -H Bearer abcdefgh123', 'curl -H Bearer [redacted]'],
  ])('%s', (_, text, expected) => {
    expect(redactor.text(text, 1_000)).toBe(expected);
  });

  test.each([
    'on the home of /home/ada the key figure is 5, the bearer is here',
    'token == expected, tokens: 5, secretary: "Ada", password: null, token_usage: 12',
    'SyntaxError: Unexpected token \'<\', "<html>" is not valid JSON',
    'https://example.com:8080/a@b and crate::secret::store',
  ])('not what only looks alike: %s', (text) => {
    expect(redactor.text(text, 1_000)).toBe(text);
  });

  test.each([
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=[redacted] psql'],
    ['{"db":{"password":"two words"}}', '{"db":{"password":"[redacted]"}}'],
    [
      '{"body":"{\\"clientSecret\\":\\"a\\\\\\"b\\",\\"id\\":1}"}',
      '{"body":"{\\"clientSecret\\":\\"[redacted]\\",\\"id\\":1}"}',
    ],
    ["headers['x-auth-token'] = 'abc';", "headers['x-auth-token'] = '[redacted]';"],
    ['https://a.example/?access_token=abc&page=2', 'https://a.example/?access_token=[redacted]&page=2'],
    ['postgres://ada:pw@db.example/app', 'postgres://ada:[redacted]@db.example/app'],
    ['Cookie: a=1; b=2\nHost: example.com', 'Cookie: [redacted]\nHost: example.com'],
    ['Authorization: Digest username="ada", response="0f"', 'Authorization: [redacted]'],
    ['"password": "never closed', '"password": "[redacted]'],
  ])('what stands behind a name of a secret: %s', (text, expected) => {
    expect(redactor.text(text, 1_000)).toBe(expected);
    expect(redactor.text(expected, 1_000)).toBe(expected);
  });

  test("fields with a secret's name, at any depth", () => {
    const value = {
      headers: { 'X-API-Key': 'a', 'Set-Cookie': 'b', Authorization: 'c' },
      user: [{ password: 'd', clientSecret: 'e', access_token: 'f', name: 'Ada' }],
      token_usage: { total_tokens: 5 },
      secret: null,
    };
    expect(JSON.parse(redactor.json(value, 1_000))).toEqual({
      headers: { 'X-API-Key': '[redacted]', 'Set-Cookie': '[redacted]', Authorization: '[redacted]' },
      user: [{ password: '[redacted]', clientSecret: '[redacted]', access_token: '[redacted]', name: 'Ada' }],
      token_usage: { total_tokens: 5 },
      secret: null,
    });
  });
});

test('values that JSON cannot carry are told to be such', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  expect(redactor.json(circular, 100)).toBe('"[not JSON]"');
  expect(redactor.json(undefined, 100)).toBe('null');
});

describe('a long text', () => {
  test('says how much was cut', () => {
    expect(redactor.text('abcdef', 4)).toBe('abcd... (2 more characters)');
    expect(redactor.text('abcd', 4)).toBe('abcd');
  });

  test('shows no part of a secret that the cut went through', () => {
    for (let length = 1; length <= 20; length++) {
      expect(redactor.text(`x${env.OPENAI_API_KEY}${'y'.repeat(100)}`, length)).not.toContain('sk-');
    }
  });
});

const pem = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
  'MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu',
  '-----END PRIVATE KEY-----',
].join('\n');

describe('a secret in the environment', () => {
  const hides = (env: Record<string, string>, text: string) => redactorOf(env).text(text, 10_000);

  test('is hidden with line breaks, quotes and backslashes in it, in JSON too', () => {
    const redactor = redactorOf({ SIGNING_KEY: pem, DB_PASSWORD: 'a "b" \\ c\nd' });
    expect(redactor.json({ note: `key ${pem}.` }, 10_000)).toBe('{"note":"key [redacted]."}');
    expect(redactor.json({ note: JSON.stringify({ note: 'a "b" \\ c\nd' }) }, 10_000)).toBe(
      '{"note":"{\\"note\\":\\"[redacted]\\"}"}',
    );
  });

  test('is hidden line by line where it is printed so', () => {
    const shown = hides(
      { SIGNING_KEY: pem },
      `  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\\n' +`,
    );
    expect(shown).toBe(`  '[redacted]\\n' +`);
  });

  test('is hidden with its line breaks written out, and with the real ones', () => {
    const env = { GOOGLE_PRIVATE_KEY: pem.replaceAll('\n', '\\n') };
    expect(hides(env, `the key ${pem}`)).toBe('the key [redacted]');
    expect(hides(env, `the key ${env.GOOGLE_PRIVATE_KEY}`)).toBe('the key [redacted]');
  });

  test.each([
    ...['PGPASSWORD', 'DATABASE_PASSWORD_PROD', 'TOKEN_GITHUB', 'STRIPE_SECRET_KEY_2', 'dbPassword'],
    ...['DB_PASS', 'MYSQL_PWD', 'NPMTOKEN', 'SESSION_COOKIE', 'API_KEY', 'AppSecret', 'JWT'],
  ])('is known by the words of its name, wherever they stand: %s', (name) => {
    expect(hides({ [name]: 'hunter2' }, 'with hunter2 in it')).toBe('with [redacted] in it');
  });

  test.each([
    ...['PWD', 'OLDPWD', 'HOME', 'PASSWORD_FILE', 'SSH_AUTH_SOCK', 'TOKENIZERS', 'MAX_TOKENS', 'SECRETARY'],
    ...['SORT_KEY', 'KEYBOARD', 'COMPASS', 'AWS_ACCESS_KEY_ID', 'PATH'],
  ])('is not what only has a name like it: %s', (name) => {
    expect(hides({ [name]: 'hunter2' }, 'with hunter2 in it')).toBe('with hunter2 in it');
  });

  test('of less than eight characters is hidden as a word of its own, of less than four by its name alone', () => {
    expect(hides({ PGPASSWORD: 'cat7' }, 'cat7, "cat7", cat77 and concat7')).toBe(
      '[redacted], "[redacted]", cat77 and concat7',
    );
    expect(hides({ PGPASSWORD: 'cat' }, 'cat PGPASSWORD=cat')).toBe('cat PGPASSWORD=[redacted]');
    expect(hides({ USE_TOKEN: 'true' }, 'true')).toBe('true');
  });

  test('is hidden where it stands in a URL of the environment', () => {
    const env = { DATABASE_URL: 'postgres://ada:p%40ss-w0rd@db.example/app' };
    expect(hides(env, 'login failed with p@ss-w0rd (p%40ss-w0rd)')).toBe(
      'login failed with [redacted] ([redacted])',
    );
  });
});

describe('whatever the secret is', () => {
  const anySecret = fc
    .oneof(
      fc.string({ minLength: 8 }),
      fc.string({ unit: anyCodePoint, minLength: 8 }),
      fc.base64String({ minLength: 8 }),
    )
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= 8 && secret.isWellFormed());
  const around = fc.constantFrom('', ' ', 'x', '"', 'é', 'aa', '(', '{"a":"');
  const encodings: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => JSON.stringify(text),
    (text) => JSON.stringify(JSON.stringify(text)),
    (text) => encodeURIComponent(text),
    (text) => new URLSearchParams({ q: text }).toString(),
  ];

  test('it is in no text that is shown, however the text was encoded', () => {
    fc.assert(
      fc.property(
        anySecret,
        around,
        around,
        fc.constantFrom(...encodings),
        (secret, before, after, encode) => {
          const text = encode(before + secret + after);
          const shown = redactorOf({ API_KEY: secret }).text(text, 10_000);
          expect(shown).toContain('[redacted]');
          expect(shown).not.toContain(encode(secret).replace(/^"|"$/g, ''));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('its Base64 is not shown, wherever it begins there', () => {
    const alphabet = fc.constantFrom('base64' as const, 'base64url' as const);
    fc.assert(
      fc.property(anySecret, around, around, alphabet, (secret, before, after, encoding) => {
        const text = Buffer.from(before + secret + after).toString(encoding);
        const shown = redactorOf({ API_KEY: secret }).text(text, 10_000);
        // The remainder at each end belongs in part to the secret: less than one character each.
        const own = Math.floor((Buffer.byteLength(secret) * 8) / 6) - 1;
        expect(shown.replaceAll('[redacted]', '').length).toBeLessThanOrEqual(text.length - own);
      }),
      { numRuns: 1_000 },
    );
  });

  test('no part of it is shown where the text is cut', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{10,30}$/), fc.nat(60), (secret, length) => {
        const shown = redactorOf({ API_KEY: secret }).text(
          `${'.'.repeat(20)}${secret}${'.'.repeat(99)}`,
          length,
        );
        expect(shown).not.toMatch(/[A-Z]/);
      }),
    );
  });
});

test.each([
  ['names', 'x-'],
  ['API keys', 'x-api-key'],
  ['assignments', 'password='],
  ['open quotes', `token="token='`],
  ['escapes', `secret=\\"\\`],
  ['blanks', 'bearer   '],
  ['URLs', '://a:'],
  ['capitals', 'A'],
])('a text of two million characters is redacted in one pass: %s', (_, piece) => {
  const text = piece.repeat(2_000_000 / piece.length);
  expect(typeof redactor.text(text, text.length)).toBe('string');
});
