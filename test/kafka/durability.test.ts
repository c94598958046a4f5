import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../scenarios/eventually.ts';
import type { Operator } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { createKafka, stateOf, stateWhen } from './kafka-connectors.ts';
import { useKafka } from './kafka-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'kafka-journal-'));
const journalFile = join(folder, 'journal');
const target = useKafka({ JOURNAL_FILE: journalFile });
const { operator } = target;

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Long enough for what a slow machine needs for 100,000 runs: only a failure waits so long. */
const patienceMs = 1_200_000;

function consumeWith(by: Operator, topic: string, groupId: string): Promise<string> {
  return createKafka(by, {
    mode: 'inbound',
    agents: ['journal'],
    config: { ...target.servers, topic, group_id: groupId, auto_offset_reset: 'earliest' },
  });
}

/** Writes messages with the numbers from `from` on, spread over the topic's partitions by their keys. */
async function produceNumbers(topic: string, from: number, count: number): Promise<void> {
  const portion = 5_000;
  for (let next = from; next < from + count; next += portion) {
    const numbers = Array.from(
      { length: Math.min(portion, from + count - next) },
      (_, index) => next + index,
    );
    await target.produce(
      topic,
      numbers.map((number) => ({ key: `key-${number % 97}`, value: JSON.stringify({ number, ms: 0 }) })),
    );
  }
}

/** The numbers that agents have written down, in the order in which they did. */
async function journal(): Promise<number[]> {
  const text = await readFile(journalFile, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => Number(line.split(' ')[1]));
}

async function journalOf(from: number, count: number, enough = count): Promise<number[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const numbers = (await journal()).filter((number) => number >= from && number < from + count);
    if (new Set(numbers).size >= enough) return numbers;
    if (Date.now() > deadline) throw new Error(`${new Set(numbers).size} of ${enough} messages have run.`);
    await sleep(250);
  }
}

function expectEachOnce(numbers: readonly number[], from: number, count: number): void {
  const times = Map.groupBy(numbers, (number) => number);
  expect(times.size).toBe(count);
  expect([...times].filter(([, occurrences]) => occurrences.length > 1)).toEqual([]);
  for (let number = from; number < from + count; number++) expect(times.has(number)).toBe(true);
}

describe('100,000 messages in three partitions', () => {
  test('make one run each while a second consumer comes and goes', async () => {
    const count = 100_000;
    const topic = await target.newTopic(3);
    const another = await target.startAnother();
    await produceNumbers(topic, 0, count / 2);
    const first = await consumeWith(operator, topic, 'two-consumers');
    await journalOf(0, count, count / 20);
    const second = await consumeWith(another.operator, topic, 'two-consumers');
    await stateWhen(another.operator, second, ({ status }) => status === 'running');
    await produceNumbers(topic, count / 2, count / 4);
    await journalOf(0, count, (count / 8) * 5);
    await eventually('a run of the second consumer', async () => {
      const { items } = await another.operator.runs(`connector=${second}&limit=1`);
      return items.length > 0;
    });
    await another.operator.change(second, { enabled: false });
    await produceNumbers(topic, (count / 4) * 3, count / 4);
    expectEachOnce(await journalOf(0, count), 0, count);
    await stateWhen(operator, first, ({ lag }) => lag === 0);
  }, 2_400_000);
});

describe('a broker that stops and starts in the middle', () => {
  test('leaves one run for each message; the state says what happened', async () => {
    const [from, count] = [200_000, 20_000];
    const topic = await target.newTopic(3);
    await produceNumbers(topic, from, count);
    const connectorId = await consumeWith(operator, topic, 'broken-broker');
    await journalOf(from, count, count / 10);
    await target.broker.stop();
    const failing = await stateWhen(operator, connectorId, ({ status }) => status === 'failing');
    expect(failing.last_error?.message).toMatch(/^The brokers? .*\.$/);
    await target.broker.start();
    expectEachOnce(await journalOf(from, count), from, count);
    await stateWhen(operator, connectorId, ({ status, lag }) => status === 'running' && lag === 0);
  }, 1_500_000);
});

describe('a process that is killed again and again while it receives', () => {
  test('has stored one run for each message', async () => {
    const [from, count] = [300_000, 10_000];
    const topic = await target.newTopic(3);
    await produceNumbers(topic, from, count);
    const connectorId = await consumeWith(operator, topic, 'killed');
    for (let kills = 1; kills <= 4; kills++) {
      await journalOf(from, count, (count / 10) * kills);
      await sleep(Math.random() * 100);
      await target.product.stop('SIGKILL');
      await target.product.start();
    }
    await journalOf(from, count);
    await stateWhen(operator, connectorId, ({ lag }) => lag === 0);
    const runs = await operator.all(wire.runSummary, `/runs?connector=${connectorId}`);
    expect(runs).toHaveLength(count);
    expect(new Set(runs.map(({ trigger_id }) => trigger_id)).size).toBe(count);
    expect((await stateOf(operator, connectorId)).positions.map(({ end }) => end)).toHaveLength(3);
  }, 1_500_000);
});
