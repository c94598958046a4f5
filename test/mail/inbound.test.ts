import { describe, expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import * as z from 'zod';
import { inboundConfigOf } from '../../src/connectors/email/config.ts';
import { type Cursor, readCursor, writeCursor } from '../../src/connectors/email/cursor.ts';
import type { MailEvent } from '../../src/connectors/email/mail-event.ts';
import { readMailbox } from '../../src/connectors/email/read-mailbox.ts';
import { freePorts } from '../free-ports.ts';
import { serveLocally } from '../local-server.ts';
import { eventually } from '../scenarios/eventually.ts';
import * as wire from '../scenarios/wire.ts';
import { mailPassword } from './mail-server.ts';
import { useMail } from './mail-target.ts';
import { openRelay, type Trouble } from './relay.ts';

const target = useMail();
const { operator } = target;

const mail = (subject: string, ...more: string[]) => [
  'From: Ada Lovelace <ada@example.test>',
  'To: support@example.test',
  `Subject: ${subject}`,
  'Date: Fri, 27 Nov 2026 09:00:00 +0100',
  `Message-ID: <${subject.replaceAll(/\W/g, '-')}@example.test>`,
  ...more,
  ...(more.some((line) => line === '') ? [] : ['', `The text of ${subject}.`]),
];

async function flagsIn(folder: string): Promise<boolean[]> {
  return target.server.withAccount('support@example.test', async (client) => {
    await client.mailboxOpen(folder, { readOnly: true });
    const found = await client.fetchAll('1:*', { uid: true, flags: true });
    return found.map(({ flags }) => flags?.has('\\Seen') === true);
  });
}

/** The state once its source works. */
const running = (connectorId: string) =>
  eventually(`${connectorId} to be connected`, async () => {
    const state = (await operator.call('GET', `/connectors/${connectorId}/state`)).json;
    return z.looseObject({ status: z.string() }).parse(state).status === 'running';
  });

describe('a message', () => {
  test('becomes a payload of every linked agent, with its encodings decoded and its attachments apart', async () => {
    const folder = await target.newFolder();
    await target.put(folder, [
      'From: =?utf-8?Q?Zo=C3=AB?= <Zoe@Example.test>',
      'To: support@example.test, Team <team@example.test>',
      'Cc: boss@example.test',
      'Reply-To: answers@example.test',
      'Subject: =?iso-8859-1?Q?R=E9sum=E9?=',
      'Date: Fri, 27 Nov 2026 09:00:00 +0100',
      'Message-ID: <2@example.test>',
      'In-Reply-To: <1@example.test>',
      'References: <0@example.test> <1@example.test>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/alternative; boundary=c',
      '',
      '--c',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'D=E9j=E0 vu',
      '--c',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Déjà vu</p>',
      '--c--',
      '--b',
      'Content-Type: text/csv; name=orders.csv',
      'Content-Disposition: attachment; filename=orders.csv',
      '',
      'id,total',
      '--b',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename=setup.exe',
      'Content-Transfer-Encoding: base64',
      '',
      'TVqQAAMAAAA=',
      '--b--',
      '',
    ]);
    const id = await target.read({ mailbox: folder });
    const [payload] = await target.payloads(id, 1);
    expect(payload).toEqual({
      from: '"Zoë" <Zoe@Example.test>',
      from_address: 'zoe@example.test',
      to: expect.stringMatching(/support@example\.test.*team@example\.test/),
      cc: 'boss@example.test',
      subject: 'Résumé',
      date: '2026-11-27T08:00:00.000Z',
      message_id: '<2@example.test>',
      in_reply_to: '<1@example.test>',
      references: '<0@example.test> <1@example.test>',
      body_text: 'Déjà vu',
      body_html: '<p>Déjà vu</p>',
      attachments: [
        {
          filename: 'orders.csv',
          content_type: 'text/csv',
          size_bytes: 8,
          content: 'id,total',
          encoding: 'utf-8',
        },
        {
          filename: 'setup.exe',
          content_type: 'application/octet-stream',
          size_bytes: 8,
          content: 'TVqQAAMAAAA=',
          encoding: 'base64',
        },
      ],
      files: [{ name: 'orders.csv', mime_type: 'text/csv', data: 'aWQsdG90YWw=', size: 8 }],
      _email: {
        connector_id: id,
        mailbox: folder,
        uid: 1,
        uid_validity: expect.any(Number),
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
    await eventually('the message to be read', async () => (await flagsIn(folder)).every((seen) => seen));
  });

  test('arrives by IDLE as soon as it is there, and triggers all agents once', async () => {
    const folder = await target.newFolder();
    const id = await target.read({ mailbox: folder, poll_seconds: 86_400 }, ['echo', 'answer']);
    await running(id);
    await target.put(folder, mail('first'));
    await target.payloads(id, 2);
    await target.put(folder, mail('second'));
    await target.payloads(id, 4);
  });

  test.each([
    [
      'unread ones that are there already, and marks them',
      { unread_only: true },
      ['b', 'new'],
      [true, true, true],
    ],
    ['all that arrive from now on', { unread_only: false }, ['new'], [true, false, true]],
    ['unread ones, and leaves them unread', { mark_as_read: false }, ['b', 'new'], [true, false, false]],
  ])('starts runs as the connector says: %s', async (_what, config, subjects, seen) => {
    const folder = await target.newFolder();
    await target.put(folder, mail('a'), ['\\Seen']);
    await target.put(folder, mail('b'));
    const id = await target.read({ mailbox: folder, ...config });
    await running(id);
    await target.put(folder, mail('new'));
    const payloads = await target.payloads(id, subjects.length);
    expect(payloads.map(({ subject }) => subject)).toEqual(subjects);
    await eventually('the flags', async () => JSON.stringify(await flagsIn(folder)) === JSON.stringify(seen));
  });

  test('that does not match the filters starts nothing, and stays unread', async () => {
    const folder = await target.newFolder();
    await target.put(folder, mail('Invoice 1'));
    await target.put(folder, mail('Greetings'));
    await target.put(folder, ['From: eve@other.test', 'Subject: invoice 2', '', 'x']);
    const id = await target.read({ mailbox: folder, from: '@EXAMPLE.test', subject: 'invoice' });
    const payloads = await target.payloads(id, 1);
    expect(payloads.map(({ subject }) => subject)).toEqual(['Invoice 1']);
    await eventually(
      'one to be read',
      async () => (await flagsIn(folder)).filter((seen) => seen).length === 1,
    );
    expect(await flagsIn(folder)).toEqual([true, false, false]);
  });

  test('that no person has written starts nothing, which the history tells', async () => {
    const folder = await target.newFolder();
    await target.put(folder, mail('away', 'Auto-Submitted: auto-replied (vacation)'));
    await target.put(folder, mail('bounce', 'Content-Type: multipart/report; boundary=r', '', '--r--'));
    const own = '<019a9f5c-7e80-7abc-8def-0123456789ab.agent-connectors@example.test>';
    await target.put(folder, ['From: support@example.test', `Message-ID: ${own}`, '', 'x']);
    await target.put(folder, mail('a person', 'Auto-Submitted: no'));
    const id = await target.read({ mailbox: folder });
    await target.payloads(id, 1);
    const ignored = await eventually('all of them to be told', async () => {
      const found = (await target.history(id)).filter(({ event }) => event === 'event.ignored');
      return found.length >= 3 && found;
    });
    expect(ignored.map(({ detail }) => detail).sort()).toEqual([
      'A bounce or a delivery report (multipart/report) started nothing.',
      'A message that this product sent started nothing.',
      'An automatic message (Auto-Submitted: auto-replied) started nothing.',
    ]);
    await eventually('one to be read', async () => (await flagsIn(folder)).some((seen) => seen));
    expect(await flagsIn(folder)).toEqual([false, false, false, true]);
  });
});

const counted = z.looseObject({ health: z.looseObject({ runs_24h: z.int() }) });

/** As many as take half a minute; the ten thousand of a large mailbox take minutes: `MAILS=10000`. */
const manyMails = Number(process.env['MAILS'] ?? 2_000);
const copiedTogether = 100;

describe('a mailbox', () => {
  test('with thousands of unread messages is read whole, and each starts one run', async () => {
    const [copied, folder] = [await target.newFolder(), await target.newFolder()];
    await target.server.withAccount('support@example.test', async (client) => {
      for (let n = 1; n <= copiedTogether; n++) await client.append(copied, mail(`m ${n}`).join('\r\n'));
      await client.mailboxOpen(copied);
      for (let n = 0; n < manyMails; n += copiedTogether) await client.messageCopy('1:*', folder);
    });
    const id = await target.read({ mailbox: folder, mark_as_read: false });
    // Listing thousands again and again would keep the product from reading them.
    const count = async () =>
      counted.parse((await operator.call('GET', `/connectors/${id}`)).json).health.runs_24h;
    await eventually('all runs', async () => (await count()) >= manyMails, 600_000);
    const runs = await operator.all(wire.runSummary, `/runs?connector=${id}`);
    expect(new Set(runs.map(({ run_id }) => run_id)).size).toBe(manyMails);
  });
});

describe('an account with OAuth2', () => {
  test('is entered with an access token, which the refresh token brings', async () => {
    // GreenMail takes an account's password as its access token.
    const asked: string[] = [];
    const provider = await serveLocally((request, response) => {
      asked.push(String(request.method));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: mailPassword, expires_in: 3_600, token_type: 'Bearer' }));
    });
    const folder = await target.newFolder();
    await target.put(folder, mail('by token'));
    const id = await target.read({
      mailbox: folder,
      password: undefined,
      client_id: 'app',
      refresh_token: 'refresh-token-61ad',
      token_url: `${provider.url}/token`,
    });
    expect(await target.payloads(id, 1)).toMatchObject([{ subject: 'by token' }]);
    expect(asked).toEqual(['POST']);
    await provider.stop();
  });
});

describe('a connection test', () => {
  const probe = async (config: Record<string, unknown>) => {
    const whole = { ...target.reading('support@example.test'), ...config };
    const body = { mode: 'inbound', config: whole };
    return (await operator.call('POST', '/connector-types/email/test', body)).json;
  };

  test('counts the messages of the mailbox and changes none', async () => {
    const folder = await target.newFolder();
    await target.put(folder, mail('a'));
    expect(await probe({ mailbox: folder })).toMatchObject({
      ok: true,
      detail: `The mailbox "${folder}" has 1 message, 1 of them unread. The unread ones will start runs, as far as they match the filters.`,
    });
    expect(await flagsIn(folder)).toEqual([false]);
  });

  test.each([
    ['a wrong password', { password: 'wrong' }, /rejected the login/],
    ['a mailbox that is not there', { mailbox: 'Nowhere' }, /^The mail server said: .*\.$/],
    ['an unknown authority', { ca_certificate: undefined }, /^The TLS connection to the mail server failed/],
    ['a port that nobody listens on', { port: 1 }, /^The mail server refused the connection\.$/],
  ])('says what is wrong: %s', async (_what, config, error) => {
    const result = await probe(config);
    expect(result).toMatchObject({ ok: false, error: expect.stringMatching(error) });
    expect(JSON.stringify(result)).not.toContain('a-mail-password');
  });
});

describe('a mailbox on a server that fails', () => {
  /** Polls until everything is read, each time over a connection of its own. */
  async function readThrough(trouble: Trouble, folder: string, readForMs: number) {
    const [port = 0] = await freePorts(1);
    const relay = await openRelay(port, target.server.ports.imap, trouble);
    const config = inboundConfigOf({ host: 'localhost', username: 'a', password: 'p', mailbox: folder });
    const events: MailEvent[] = [];
    let cursor: Cursor | null = null;
    let polls = 0;
    for (let more = true; more; polls++) {
      const auth = { user: 'support@example.test', pass: mailPassword };
      const client = new ImapFlow({ host: 'localhost', port, secure: false, auth, logger: false });
      client.on('error', () => undefined);
      await client.connect();
      await client.mailboxOpen(folder, { readOnly: true });
      const read = await readMailbox(client, config, cursor, Date.now(), readForMs);
      client.close();
      events.push(...read.events);
      cursor = readCursor(writeCursor(read.cursor), config);
      more = read.more || cursor?.late !== null;
    }
    relay.close();
    return { polls, mails: events.filter((event) => event.kind === 'mail') };
  }

  test('that is too slow for a large message: its beginning is taken after three polls, and those behind it follow', async () => {
    const folder = await target.newFolder();
    await target.put(folder, mail('small'));
    await target.put(folder, [...mail('large'), ...Array.from({ length: 60_000 }, () => 'x'.repeat(70))]);
    await target.put(folder, mail('last'));
    const { polls, mails } = await readThrough({ bytesPerSecond: 2_000_000 }, folder, 900);
    const texts = mails.map(({ source }) => Buffer.from(source).toString());
    expect(texts.map((text) => /^Subject: (.*)\r$/m.exec(text)?.[1])).toEqual(['small', 'large', 'last']);
    expect(texts[2]).toContain('The text of last.');
    expect(texts[1]?.length).toBeGreaterThan(500_000);
    expect(texts[1]?.length).toBeLessThan(mails[1]?.size ?? 0);
    expect(polls).toBeLessThanOrEqual(5);
  });

  test('that refuses a message skips it after three polls, and those behind it follow', async () => {
    const folder = await target.newFolder();
    for (const subject of ['first', 'damaged', 'last']) await target.put(folder, mail(subject));
    const answer = (command: string) => {
      const [, tag, uids = ''] = /^(\S+) UID FETCH (\S+) .*BODY/.exec(command) ?? [];
      return uids.split(',').includes('2') ? `${tag} NO [SERVERBUG] The message is damaged.\r\n` : null;
    };
    const { mails } = await readThrough({ answer }, folder, 10_000);
    expect(mails.map(({ uid, source }) => [uid, source.length > 0])).toEqual([
      [1, true],
      [2, false],
      [3, true],
    ]);
  });

  test('is read on after its connection was cut', async () => {
    const folder = await target.newFolder();
    const id = await target.read({ mailbox: folder, poll_seconds: 86_400 });
    await running(id);
    target.server.cutConnections();
    await target.put(folder, mail('after the cut'));
    await target.payloads(id, 1);
  });

  test('that is away is told by the state; when it is back with other UIDs, only new messages start runs', async () => {
    const account = 'other@example.test';
    const put = (subject: string, at: Date) =>
      target.server.withAccount(account, (client) =>
        client.append('INBOX', mail(subject).join('\r\n'), [], at),
      );
    const id = await target.read({ ...target.reading(account), unread_only: false });
    await running(id);
    const before = new Date();
    await put('before', before);
    await target.payloads(id, 1);
    await target.server.stop();
    const state = await eventually('the failure to be seen', async () => {
      const found = (await operator.call('GET', `/connectors/${id}/state`)).json;
      return Object(found).status === 'failing' && found;
    });
    expect(state).toMatchObject({ last_error: { message: expect.stringMatching(/^The mail server .*\.$/) } });
    // GreenMail forgets its mail, and gives messages other UIDs.
    await target.server.start();
    await put('before', before);
    await put('after', new Date(before.getTime() + 60_000));
    const told = await eventually('the renumbering to be told', async () => {
      const found = (await target.history(id)).filter(({ event }) => event === 'event.ignored');
      return found.length > 0 && found;
    });
    expect(told).toMatchObject([{ detail: expect.stringContaining('UIDVALIDITY') }]);
    const runs = await eventually('a second run', async () => {
      const found = await operator.all(wire.runSummary, `/runs?connector=${id}`);
      return found.length > 1 && found;
    });
    const payloads = await Promise.all(runs.map(async ({ run_id }) => (await operator.run(run_id)).payload));
    expect(payloads.map((payload) => Object(payload).subject).sort()).toEqual(['after', 'before']);
  });
});
