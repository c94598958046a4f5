import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chatWith } from './chat-client.ts';
import { type Aftermath, killOften } from './kill-often.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

/** Twenty take a minute; a hundred, with the same expectations, five: `KILLS=100`. */
const kills = Number(process.env['KILLS'] ?? 20);
const clients = 4;
/** Of each client, at once: some wait for the answer to another when the process is killed. */
const messagesAtOnce = 3;

describe('a process that is killed again and again under load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'connectors-kills-'));
  const target = useTarget(async () => ({ JOURNAL_FILE: join(folder, 'journal'), LOG_LEVEL: 'warn' }));
  const { operator } = target;
  afterAll(() => rm(folder, { recursive: true, force: true }));

  let aftermath: Aftermath;
  /** The runs that have answered each message of the clients. */
  let answers: string[][];
  let chatId: string;

  beforeAll(
    async () => {
      const receiver = await target.startReceiver();
      const chat = await operator.createConnector({
        type: 'websocket',
        mode: 'sync',
        agents: ['echo'],
        config: { max_messages_per_session: 10_000 },
      });
      chatId = chat.id;
      const chats = Array.from({ length: clients }, () => chatWith(chat));
      let isKilling = true;
      const talking = (async () => {
        while (isKilling) {
          for (const { say } of chats) for (let n = 0; n < messagesAtOnce; n++) say(`message ${n}`);
          await sleep(500);
        }
      })();
      const { process: product } = target;
      aftermath = await killOften({ process: product, operator, receiver }, kills, () => {
        isKilling = false;
      });
      await talking;
      await Promise.all(chats.map(({ end }) => end()));
      answers = chats.flatMap(({ runIds }) => [...runIds.values()].map((ids) => [...ids]));
      const { accepted, completed, delivered, interruptions } = aftermath;
      process.stderr.write(
        `${kills} kills: ${accepted.length} accepted, ${completed.length} completed, ${delivered.length} delivered, ` +
          `${interruptions} interruptions, ${answers.length} messages\n`,
      );
    },
    60_000 + kills * 30_000,
  );

  test('completes and delivers everything that it has accepted, and ends nothing twice', () => {
    expect(aftermath.accepted.length).toBeGreaterThan(kills);
    expect(aftermath.others).toEqual([]);
    expect(aftermath.completed).toEqual(aftermath.accepted);
    expect(aftermath.delivered).toEqual(aftermath.accepted);
    expect(aftermath.changedAfterEnd).toEqual([]);
  });

  test('answers each message of clients that connect again, and starts one run for it', async () => {
    expect(answers.length).toBeGreaterThan(kills);
    // A message that was answered again was answered from its run.
    expect(answers.filter((ids) => ids.length !== 1)).toEqual([]);
    const runs = await operator.all(wire.runSummary, `/runs?connector=${chatId}`);
    expect(runs.map(({ run_id }) => run_id).sort()).toEqual(answers.flat().sort());
    expect(runs.filter(({ status }) => status !== 'completed')).toEqual([]);
  });
});
