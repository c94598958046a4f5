import { expect, test } from '@jest/globals';
import { eventually } from '../scenarios/eventually.ts';
import * as wire from '../scenarios/wire.ts';
import type { Account } from './mail-server.ts';
import { useMail } from './mail-target.ts';

const target = useMail();
const { operator } = target;

interface Found {
  readonly subject: string;
  readonly headers: string;
}

/** The messages of an account, once there are that many. */
const inboxOf = (account: Account, count: number) =>
  eventually(`${count} messages of ${account}`, async () => {
    const found = await target.server.withAccount(account, async (client): Promise<Found[]> => {
      const mailbox = await client.mailboxOpen('INBOX', { readOnly: true });
      if (mailbox.exists < count) return [];
      const messages = await client.fetchAll('1:*', { uid: true, envelope: true, headers: true });
      return messages.map(({ envelope, headers }) => ({
        subject: envelope?.subject ?? '',
        headers: headers?.toString() ?? '',
      }));
    });
    return found.length >= count && found;
  });

test('each account answers the messages that it got, once, and answers to answers start nothing', async () => {
  const inbound = new Map<Account, string>();
  for (const account of ['support@example.test', 'other@example.test'] as const) {
    inbound.set(account, await target.read({ ...target.reading(account), mailbox: 'INBOX' }, ['answer']));
    await target.write({ ...target.sending(account), from_address: account }, ['answer']);
  }
  const mail = { from: 'Ada <ada@example.test>', text: 'Where is my order?' };
  await target.sendMail({
    ...mail,
    to: 'support@example.test',
    subject: 'Order 1',
    messageId: '<o1@example.test>',
  });
  await target.sendMail({
    ...mail,
    to: 'other@example.test',
    subject: 'Re: Order 2',
    messageId: '<o2@example.test>',
  });
  const answers = await inboxOf('ada@example.test', 2);
  expect(answers.map(({ subject }) => subject).sort()).toEqual(['Re: Order 1', 'Re: Order 2']);
  for (const { subject, headers } of answers) {
    const [from, id] = subject === 'Re: Order 1' ? ['support', 'o1'] : ['other', 'o2'];
    expect(headers).toMatch(new RegExp(`^From: ${from}@example.test`, 'm'));
    expect(headers).toMatch(new RegExp(`^In-Reply-To: <${id}@example.test>`, 'm'));
    expect(headers).toMatch(new RegExp(`^References: <${id}@example.test>`, 'm'));
  }
  // Each account's connectors answer for their own account only.
  for (const [account, id] of inbound) {
    const runs = await operator.all(wire.runSummary, `/runs?connector=${id}`);
    expect(runs).toHaveLength(1);
    const { deliveries } = await operator.run(runs[0]?.run_id ?? '');
    const statuses = await eventually('both deliveries to end', async () => {
      const all = await Promise.all(deliveries.map(({ delivery_id }) => operator.delivery(delivery_id)));
      return all.every(({ status }) => status !== 'pending') && all.map(({ status }) => status).sort();
    });
    expect([account, statuses]).toEqual([account, ['delivered', 'failed']]);
  }

  // Two systems that answer each other: the second answer is recognized, and starts nothing.
  await target.sendMail({
    from: 'other@example.test',
    to: 'support@example.test',
    subject: 'Ping',
    text: 'x',
  });
  const id = inbound.get('other@example.test') ?? '';
  const ignored = await eventually('the answer to be ignored', async () =>
    (await target.history(id)).find(({ event }) => event === 'event.ignored'),
  );
  expect(ignored.detail).toBe('A message that this product sent started nothing.');
  expect(await operator.all(wire.runSummary, `/runs?connector=${id}`)).toHaveLength(1);
});
