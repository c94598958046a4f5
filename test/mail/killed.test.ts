import { expect, test } from '@jest/globals';
import { killBetween } from '../scenarios/kill-between.ts';
import { useMail } from './mail-target.ts';

/* A process that is killed while it reads a mailbox, again and again. */

const target = useMail();
const perKill = 10;

test('kills between a mailbox and the store lose no message, and start no run twice', async () => {
  const folder = await target.newFolder();
  const id = await target.read({ mailbox: folder });
  const kills = await killBetween(target.product, (kill) =>
    target.server.withAccount('support@example.test', async (client) => {
      for (let n = 0; n < perKill; n++) {
        const subject = `Subject: ${kill * perKill + n}`;
        await client.append(folder, ['From: ada@example.test', subject, '', 'Hello'].join('\r\n'));
      }
    }),
  );
  const payloads = await target.payloads(id, kills * perKill);
  expect(payloads.map(({ subject }) => Number(subject))).toEqual(
    Array.from({ length: kills * perKill }, (_, index) => index),
  );
});
