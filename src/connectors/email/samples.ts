import fc from 'fast-check';
import { noSecrets } from '../../core/ports/secret-store.ts';
import type { TypeSamples } from '../type-samples.ts';
import type { Mail, MailEvent } from './mail-event.ts';
import type { MailMessage } from './prepare.ts';

const inboundConfig = { host: 'mail.example.com', username: 'support@example.com' };

/** Builds a message from its lines. */
export function sampleMail(lines: readonly string[], uid = 42): Mail {
  const source = Buffer.from(lines.join('\r\n'));
  const arrivedAt = Date.UTC(2026, 10, 22, 8, 59, 30);
  return { kind: 'mail', mailbox: 'INBOX', uid, uidValidity: 7, arrivedAt, source, size: source.length };
}

const plainMail = [
  'From: Ada Lovelace <Ada@Example.org>',
  'To: support@example.com',
  'Subject: An order',
  'Date: Sun, 22 Nov 2026 08:59:00 +0000',
  'Message-ID: <1@example.org>',
  '',
  'Where is my order?',
  '',
];

const facts = (uid: number) => ({
  connector_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  mailbox: 'INBOX',
  uid,
  uid_validity: 7,
  timestamp: '2026-11-22T08:59:30.000Z',
});

const headerLine = fc.oneof(
  fc.constantFrom(
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: text/plain; charset=unknown-8',
    'Content-Transfer-Encoding: base64',
    'Subject: =?utf-8?B?////?=',
    'From: @,;<>',
    'Date: never',
    '--b',
    '',
  ),
  fc.string(),
);

const anyMail = fc
  .record({ uid: fc.nat(), bytes: fc.oneof(fc.uint8Array(), fc.array(headerLine).map(linesToBytes)) })
  .map(({ uid, bytes }): MailEvent => ({ ...sampleMail([], uid), source: bytes, size: bytes.length }));

function linesToBytes(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.join('\r\n'));
}

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<MailEvent, MailMessage> = {
  events: [
    {
      title: 'a message of plain text',
      mode: 'inbound',
      config: inboundConfig,
      secrets: noSecrets,
      event: () => sampleMail(plainMail),
      payload: {
        from: '"Ada Lovelace" <Ada@Example.org>',
        from_address: 'ada@example.org',
        to: 'support@example.com',
        cc: null,
        subject: 'An order',
        date: '2026-11-22T08:59:00.000Z',
        message_id: '<1@example.org>',
        in_reply_to: null,
        references: null,
        body_text: 'Where is my order?\n',
        body_html: null,
        attachments: [],
        _email: facts(42),
      },
      authenticated: false,
    },
  ],
  anyEvent: anyMail,
  visible: (message) =>
    message.outcome === 'made' ? JSON.stringify({ ...message, secrets: null }) : message.problem,
};
