import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { connectors } from '../../../test/connectors-command.ts';
import { awsPrices } from './aws-prices.ts';
import { billParts, monthlyBill } from './monthly-bill.ts';

const deploying = readFileSync(join(import.meta.dirname, '../../../docs/deploying.md'), 'utf8');

const month = {
  runsPerMonth: 1_000_000,
  agentSeconds: 5,
  payloadKb: 1,
  retentionDays: 30,
  agentMemoryMb: 512,
  connectionMinutes: 10,
  connectionMessages: 5,
  answerChunks: 40,
  kafkaNetworks: 1,
  sqsQueues: 1,
  dashboardHours: 0,
  scheduledRuns: 0,
  heldRuns: 0,
  filteredEvents: 0,
  budgetedCalls: 0,
  statisticsReads: 0,
  ownKey: false,
};

describe('a monthly bill', () => {
  test('has a line for each service, and the lines add up to the total', () => {
    const { lines, total } = monthlyBill(month);
    const services = Object.values(awsPrices).map(({ service }) => service);
    expect(lines.map(({ service }) => service)).toEqual([...new Set(services)]);
    for (const part of billParts) {
      const sum = lines.reduce((added, { usd }) => added + usd[part], 0);
      expect(sum).toBeCloseTo(total[part], 6);
    }
  });

  test('charges nothing for runs where there are none, and the same for standing idle', () => {
    const { total } = monthlyBill({ ...month, runsPerMonth: 0 });
    expect(total).toEqual({
      idle: monthlyBill(month).total.idle,
      inbound: 0,
      sync: 0,
      socket: 0,
      kafka: 0,
      sqs: 0,
      outbound: 0,
      extras: 0,
    });
  });

  test('grows with runs, with seconds of agents, with sizes and with the time of keeping', () => {
    const { total } = monthlyBill(month);
    const others = [
      { runsPerMonth: 2_000_000 },
      { agentSeconds: 6 },
      { payloadKb: 10 },
      { retentionDays: 90 },
    ];
    for (const other of others)
      for (const part of ['inbound', 'sync', 'socket', 'kafka', 'sqs'] as const)
        expect(monthlyBill({ ...month, ...other }).total[part]).toBeGreaterThan(total[part]);
  });

  test('keeps what is above 100 kB, compressed, as objects: two of them a run', () => {
    const small = monthlyBill({ ...month, payloadKb: 330 });
    const large = monthlyBill({ ...month, payloadKb: 340 });
    const s3 = (bill: typeof small) => bill.lines.find(({ service }) => service === 'S3')?.usd.inbound ?? 0;
    expect(s3(small)).toBe(0);
    expect(s3(large)).toBeGreaterThan(2 * 5);
    expect(large.total.inbound).toBeLessThan(small.total.inbound);
  });

  test('of a million runs of 0.1 s and their deliveries is at most $30, and of an idle month at most $9', () => {
    const { total } = monthlyBill({ ...month, agentSeconds: 0.1 });
    expect(total.inbound + total.outbound).toBeLessThanOrEqual(30);
    expect(total.idle).toBeLessThanOrEqual(9);
  });

  test.each([
    [{ dashboardHours: 8 * 22 }, 'API Gateway'],
    [{ statisticsReads: 30 }, 'DynamoDB'],
    [{ ownKey: true }, 'KMS'],
  ])('says what %j adds, and adds it to nothing else', (extra, where) => {
    const { lines, total } = monthlyBill({ ...month, ...extra });
    expect(lines.find(({ service }) => service === where)?.usd.extras).toBeGreaterThan(0);
    expect({ ...total, extras: 0 }).toEqual(monthlyBill(month).total);
  });

  test.each([
    ['scheduled runs', { scheduledRuns: 1_000_000 }, 11, 13],
    ['runs that wait', { heldRuns: 1_000_000 }, 6, 8],
    ['filtered events', { filteredEvents: 1_000_000 }, 5, 7],
    ['calls of models that a budget counts', { budgetedCalls: 1_000_000 }, 1.2, 1.3],
  ])('a million %s add what docs/deploying.md says', (_what, given, least, most) => {
    const { extras } = monthlyBill({ ...month, ...given }).total;
    expect(extras).toBeGreaterThan(least);
    expect(extras).toBeLessThan(most);
  });

  test('has the pollers of each network that Kafka is read from, some $130 a month', () => {
    const pollers = (networks: number) => monthlyBill({ ...month, kafkaNetworks: networks }).total.kafka;
    expect(pollers(1) - pollers(0)).toBeCloseTo(135, 0);
    expect(pollers(3) - pollers(0)).toBeCloseTo(3 * 135, 0);
  });

  test('has the requests for each queue that is read, some cents a month', () => {
    const reading = (queues: number) => monthlyBill({ ...month, sqsQueues: queues }).total.sqs;
    expect(reading(1) - reading(0)).toBeCloseTo(0.26, 2);
    expect(reading(3) - reading(0)).toBeCloseTo(3 * 0.26, 1);
  });

  test('has the messages and the minutes of WebSocket connections, and nothing else of them elsewhere', () => {
    const socket = (given: object) => monthlyBill({ ...month, ...given }).total.socket;
    const gateway = monthlyBill(month).lines.find(({ service }) => service === 'API Gateway')?.usd.socket;
    // Per message: itself, ack, start, end, 40 chunks; a fifth of a greeting; two minutes of a connection.
    expect(gateway).toBeCloseTo(44 + 0.2 + 0.5, 6);
    expect(socket({}) - socket({ answerChunks: 0 })).toBeCloseTo(40, 6);
    expect(socket({ connectionMinutes: 110 }) - socket({})).toBeCloseTo(5, 6);
    expect(socket({ connectionMessages: 1 })).toBeGreaterThan(socket({}));
    const other = monthlyBill({ ...month, connectionMinutes: 99, answerChunks: 1 }).total;
    expect({ ...other, socket: 0 }).toEqual({ ...monthlyBill(month).total, socket: 0 });
  });

  test('grows with the memory of the functions that run agents, and with nothing else that deliveries cost', () => {
    const { total } = monthlyBill({ ...month, agentMemoryMb: 1_769 });
    expect(total.inbound).toBeGreaterThan(monthlyBill(month).total.inbound + 70);
    expect(total.outbound).toBe(monthlyBill(month).total.outbound);
  });

  test('is the one that docs/deploying.md shows', () => {
    const { lines, total } = monthlyBill(month);
    const shown = billParts.filter((part) => part !== 'extras');
    const cell = (usd: number) => (usd === 0 ? '' : `${usd.toFixed(2)} `);
    for (const { service, usd } of lines.filter((line) => !['S3', 'KMS'].includes(line.service))) {
      expect(deploying).toContain(`| ${service} | ${shown.map((part) => cell(usd[part])).join('| ')}|`);
    }
    expect(deploying).toContain(`| ${shown.map((part) => `**${total[part].toFixed(2)}**`).join(' | ')} |`);
  });

  test('every price names the page of AWS that says so', () => {
    for (const { source, usd, per } of Object.values(awsPrices)) {
      expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.+\/pricing\//);
      expect(usd / per).toBeGreaterThan(0);
    }
  });
});

describe('connectors cost', () => {
  test('prints the bill by service for people', async () => {
    const { stdout, exitCode } = await connectors(['cost', '-r', '1e6', '--agent-seconds', '3']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1,000,000 runs per month of 3 s');
    expect(stdout).toMatch(/^ +idle +inbound +sync +socket +kafka +sqs +outbound +extras$/m);
    expect(stdout).toMatch(/^Total( +\d+\.\d\d){7} +-$/m);
  });

  test('prints it as JSON for programs', async () => {
    const { stdout } = await connectors(['cost', '-r', '1000', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      region: 'us-east-1',
      runs_per_month: 1_000,
      kafka_networks: 1,
      sqs_queues: 1,
      usd_per_month: { total: { idle: expect.any(Number), outbound: expect.any(Number) } },
    });
  });
});
