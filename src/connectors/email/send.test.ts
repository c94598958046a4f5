import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { sampleConnector, samplePrepareContext, sampleRun } from '../../../test/connectors/sample-records.ts';
import {
  localhostCertificate,
  type SmtpReceiver,
  startSmtpReceiver,
} from '../../../test/connectors/smtp-receiver.ts';
import { type LocalServer, serveLocally } from '../../../test/local-server.ts';
import type { Origin } from '../../core/connectors/origin.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { email } from './index.ts';
import { prepare } from './prepare.ts';
import { send } from './send.ts';

let receiver: SmtpReceiver;
let tlsReceiver: SmtpReceiver;
beforeAll(async () => {
  receiver = await startSmtpReceiver(localhostCertificate);
  tlsReceiver = await startSmtpReceiver(localhostCertificate, true);
});
afterEach(() => {
  for (const { taken, refusals } of [receiver, tlsReceiver]) {
    taken.splice(0);
    refusals.splice(0);
  }
});
afterAll(() => Promise.all([receiver.close(), tlsReceiver.close()]));

const password = 'a-password-to-hide-77ab';
const account: JsonObject = { username: 'support@example.com', from_address: 'support@example.com' };
const origin: Origin = {
  type: 'email',
  account: 'support@example.com',
  address: {
    to: 'ada@example.org',
    message_id: '<1@example.org>',
    references: '<0@example.org> <1@example.org>',
    subject: 'An order',
  },
};

interface Parts {
  readonly config?: JsonObject;
  readonly secrets?: Record<string, string>;
  readonly origin?: Origin | null;
}

const configOf = (config: JsonObject = {}): JsonObject => ({
  host: 'localhost',
  port: receiver.port,
  security: 'starttls',
  ca_certificate: localhostCertificate.cert,
  ...account,
  ...config,
});

function prepared(output: unknown, { config, secrets = { password }, origin: from = null }: Parts = {}) {
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  const kept = { current: null, previous: null, config: secrets };
  const connector = sampleConnector('email', 'outbound', configOf(config), kept);
  return prepare({ ...sampleRun, output: text }, { ...samplePrepareContext(connector, kept), origin: from });
}

function deliver(output: unknown, parts: Parts = {}, signal = new AbortController().signal) {
  const secrets = Object.values(parts.secrets ?? { password });
  return send(prepared(output, parts), { signal, secrets, allowPrivateTargets: true });
}

const received = async () => simpleParser(receiver.taken[0]?.source ?? '');

describe('a result that is sent as a message', () => {
  test('answers the message that the run began with, in its conversation, encrypted and logged in', async () => {
    expect(await deliver('It is on its way.', { origin })).toMatchObject({
      outcome: 'delivered',
      responseExcerpt: expect.stringMatching(/^250 /),
    });
    expect(receiver.taken).toMatchObject([
      {
        from: 'support@example.com',
        to: ['ada@example.org'],
        user: `PLAIN support@example.com ${password}`,
        wasEncrypted: true,
      },
    ]);
    const mail = await received();
    expect(mail).toMatchObject({
      subject: 'Re: An order',
      text: expect.stringContaining('It is on its way.'),
    });
    expect(mail.inReplyTo).toBe('<1@example.org>');
    expect(mail.references).toEqual(['<0@example.org>', '<1@example.org>']);
    expect(mail.messageId).toBe('<019a9f5c-7e80-7abc-8def-0123456789ab.agent-connectors@example.com>');
    expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
  });

  test('has what the result says: recipients, HTML, and attachments', async () => {
    const result = {
      to: ['Bob <bob@example.org>', 'eve@example.org'],
      cc: 'boss@example.org',
      bcc: 'archive@example.org',
      reply_to: 'desk@example.org',
      subject: 'Zoë’s report',
      body: 'Attached.',
      html_body: '<p>Attached.</p>',
      attachments: [
        { filename: 'a.csv', content: 'id\n1', encoding: 'utf-8', content_type: 'text/csv' },
        { filename: 'b.bin', content: 'AAEC' },
      ],
    };
    expect(await deliver(result, { origin })).toMatchObject({ outcome: 'delivered' });
    expect(receiver.taken[0]?.to).toEqual([
      'bob@example.org',
      'eve@example.org',
      'boss@example.org',
      'archive@example.org',
    ]);
    const mail = await received();
    expect(mail).toMatchObject({ subject: 'Zoë’s report', html: '<p>Attached.</p>' });
    expect(mail.inReplyTo).toBeUndefined();
    expect(receiver.taken[0]?.source).not.toContain('archive@example.org');
    expect(mail.attachments.map(({ filename, content }) => [filename, content.toString('base64')])).toEqual([
      ['a.csv', 'aWQKMQ=='],
      ['b.bin', 'AAEC'],
    ]);
  });

  test('has TLS from the start where the connector says so', async () => {
    const config = { port: tlsReceiver.port, security: 'tls', default_to: 'team@example.com' };
    expect(await deliver('Hello', { config })).toMatchObject({ outcome: 'delivered' });
    expect(tlsReceiver.taken).toMatchObject([{ to: ['team@example.com'], wasEncrypted: true }]);
  });

  test('is no reply to an account that is another one', async () => {
    const other = { ...origin, account: 'sales@example.com' };
    expect(await deliver('Hello', { origin: other })).toMatchObject({
      outcome: 'rejected',
      error: expect.stringMatching(/^The result names no recipient .*\.$/),
    });
    const config = { default_to: 'team@example.com' };
    expect(await deliver('Hello', { origin: other, config })).toMatchObject({ outcome: 'delivered' });
    expect(receiver.taken).toMatchObject([{ to: ['team@example.com'] }]);
  });

  test('is refused where the result is an object but no message', async () => {
    expect(await deliver({ total: 12 }, { origin })).toMatchObject({
      outcome: 'rejected',
      error: 'The result is no message: "body" is required.',
    });
  });

  test('adds no header, however the result is written', async () => {
    const result = { body: 'x', subject: 'a\r\nBcc: eve@example.org', to: 'ada@example.org' };
    await deliver(result);
    expect(receiver.taken).toMatchObject([{ to: ['ada@example.org'] }]);
    expect((await received()).headers.has('bcc')).toBe(false);
  });
});

describe('a mail server that does not take a message', () => {
  test.each([
    [
      'may take it later',
      'DATA',
      451,
      'Greylisted, try again',
      'failed',
      'The mail server said: 451 Greylisted, try again.',
    ],
    [
      'never takes it',
      'DATA',
      554,
      'It looks like spam',
      'rejected',
      'The mail server said: 554 It looks like spam.',
    ],
    [
      'knows no such recipient',
      'RCPT',
      550,
      'No such user',
      'rejected',
      'The mail server said: 550 No such user.',
    ],
    [
      'rejects the login',
      'AUTH',
      535,
      'Bad password',
      'failed',
      'The mail server rejected the login: 535 Bad password.',
    ],
  ] as const)('%s: %s %i', async (_what, at, code, text, outcome, error) => {
    receiver.refusals.push({ at, code, text });
    expect(await deliver('Hello', { origin })).toMatchObject({ outcome, error });
    expect(receiver.taken).toEqual([]);
  });

  test('repeats a password, which the error does not', async () => {
    receiver.refusals.push({ at: 'AUTH', code: 535, text: `Not ${password}` });
    const sent = await deliver('Hello', { origin });
    expect(JSON.stringify(sent)).not.toContain(password);
  });

  test('takes it for one of two recipients, which the attempt says', async () => {
    receiver.refusals.push({ at: 'RCPT', code: 550, text: 'No such user', only: 'bob@example.org' });
    const sent = await deliver({ body: 'Hello', to: ['ada@example.org', 'bob@example.org'] });
    expect(sent).toMatchObject({
      outcome: 'delivered',
      responseExcerpt: expect.stringContaining('refused: bob@example.org'),
    });
  });

  test('has a certificate of an unknown authority, or no TLS where TLS is wanted', async () => {
    const { ca_certificate: _, ...unknown } = configOf();
    const kept = { current: null, previous: null, config: { password } };
    const message = prepare(
      { ...sampleRun, output: 'x' },
      { ...samplePrepareContext(sampleConnector('email', 'outbound', unknown, kept), kept), origin },
    );
    const context = { signal: new AbortController().signal, secrets: [], allowPrivateTargets: true };
    expect(await send(message, context)).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(/^The TLS connection to the mail server failed/),
    });
    expect(await deliver('x', { origin, config: { security: 'tls' } })).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(/^The TLS connection to the mail server failed/),
    });
    expect(receiver.taken).toEqual([]);
  });

  test('is one that the operator does not allow', async () => {
    const context = { signal: new AbortController().signal, secrets: [], allowPrivateTargets: false };
    expect(await send(prepared('x', { origin }), context)).toMatchObject({
      outcome: 'failed',
      error:
        'The host "localhost" has a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.',
    });
  });
});

describe('an account with OAuth2', () => {
  let provider: LocalServer;
  let forms: string[] = [];
  let answer: { status: number; body: object };
  beforeAll(async () => {
    provider = await serveLocally((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        forms.push(Buffer.concat(chunks).toString());
        response
          .writeHead(answer.status, { 'content-type': 'application/json' })
          .end(JSON.stringify(answer.body));
      });
    });
  });
  afterEach(() => {
    forms = [];
  });
  afterAll(() => provider.stop());

  const parts = (token: string): Parts => ({
    origin,
    config: { client_id: 'app', token_url: `${provider.url}/token` },
    secrets: { refresh_token: token, client_secret: 'shh-client' },
  });

  test('asks for an access token with its refresh token, and uses it while it is valid', async () => {
    answer = { status: 200, body: { access_token: 'access-1', expires_in: 3_600, token_type: 'Bearer' } };
    await deliver('one', parts('refresh-1'));
    await deliver('two', parts('refresh-1'));
    expect(receiver.taken.map(({ user }) => user)).toEqual(
      Array(2).fill('XOAUTH2 support@example.com access-1'),
    );
    expect(forms).toEqual([
      'grant_type=refresh_token&refresh_token=refresh-1&client_id=app&client_secret=shh-client',
    ]);
  });

  test('says what the provider says where it issues none', async () => {
    answer = { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been revoked.' } };
    expect(await deliver('one', parts('refresh-2'))).toMatchObject({
      outcome: 'failed',
      error:
        'The token URL responded with 400 (invalid_grant: Token has been revoked). ' +
        'Authorize the app again, and enter the new refresh token.',
    });
  });
});

describe('a test of the connection', () => {
  const probe = (secrets: Record<string, string>) =>
    email.modes.outbound?.probe?.(configOf(), {
      secrets,
      allowPrivateTargets: true,
      signal: new AbortController().signal,
    });

  test('logs in and sends nothing', async () => {
    expect(await probe({ password })).toEqual({
      outcome: 'reached',
      detail: 'The mail server answers with TLS and accepts the login of support@example.com.',
    });
    expect(receiver.taken).toEqual([]);
  });

  test('says that the login is wrong', async () => {
    receiver.refusals.push({ at: 'AUTH', code: 535, text: 'Bad password' });
    expect(await probe({ password: 'wrong' })).toEqual({
      outcome: 'failed',
      error: 'The mail server rejected the login: 535 Bad password.',
    });
  });
});
