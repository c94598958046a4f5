import { describe, expect, test } from '@jest/globals';
import { automaticKind, messageIdOf } from './automatic-mail.ts';

const kindOf = (...header: string[]) =>
  automaticKind(
    Buffer.from(['From: ada@example.org', ...header, '', 'Auto-Submitted: auto-replied'].join('\r\n')),
  );

describe('a message that no person has written', () => {
  test.each([
    ['Auto-Submitted: auto-replied (vacation)', 'An automatic message (Auto-Submitted: auto-replied)'],
    ['auto-submitted: auto-generated', 'An automatic message (Auto-Submitted: auto-generated)'],
    ['Return-Path: <>', 'A bounce (empty Return-Path)'],
    [
      'Content-Type: multipart/report;\r\n report-type=delivery-status; boundary=b',
      'A bounce or a delivery report (multipart/report)',
    ],
    ['X-Failed-Recipients: bob@example.org', 'A bounce (X-Failed-Recipients)'],
    ['Precedence: auto_reply', 'An automatic reply (Precedence: auto_reply)'],
    ['X-Autoreply: yes', 'An automatic reply (X-Autoreply)'],
    [
      `Message-ID: ${messageIdOf('019a9f5c-7e80-7abc-8def-0123456789ab', 'a@b.example')}`,
      'A message that this product sent',
    ],
    [
      'Message-ID:\r\n <019a9f5c-7e80-7abc-8def-0123456789ab.agent-connectors@b.example>',
      'A message that this product sent',
    ],
  ])('is known by its header: %j', (header, kind) => {
    expect(kindOf(header)).toBe(kind);
  });

  test.each([
    ['Auto-Submitted: no'],
    ['Precedence: bulk'],
    ['List-Id: <news.example.org>'],
    ['Return-Path: <ada@example.org>'],
    ['Message-ID: <1@example.org>'],
    ['Subject: Auto-Submitted: auto-replied'],
  ])('is not one with: %s', (header) => {
    expect(kindOf(header)).toBeNull();
  });

  test('is not told from what stands in its text, or from nothing', () => {
    expect(kindOf()).toBeNull();
    expect(automaticKind(Buffer.alloc(0))).toBeNull();
  });
});
