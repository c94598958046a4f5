import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { useCommandTarget } from '../../../test/command-target.ts';

const { run: type } = useCommandTarget(join(import.meta.dirname, '../../../project'));

describe('connectors pause and resume', () => {
  test('change a connector, an agent, and everything, and say what waits', async () => {
    await type('create', 'inbound', '--agent', 'order-desk', '--name', 'orders');
    const paused = await type('pause', 'orders');
    expect(paused.stdout).toMatch(/^orders: paused\nPaused by admin-token since .*\. Waiting: 0\.\n$/);
    expect((await type('resume', 'orders')).stdout).toBe('orders: active\n');
    expect((await type('pause', '--agent', 'order-desk')).stdout).toContain('order-desk: paused');
    const started = await type('run', 'order-desk', 'say hello', '--no-wait');
    const runId = /[0-9a-f-]{36}/.exec(started.stdout)?.[0] ?? '';
    expect((await type('runs', runId)).stdout).toContain('The agent is paused.');
    const resumed = await type('resume', '--agent', 'order-desk', '--rate', '10/s');
    expect(resumed.stdout).toContain('order-desk: active');
    expect((await type('pause', '--all')).stdout).toContain('the whole deployment: paused');
    expect((await type('health')).stdout).toContain('See: npx connectors resume --all');
    expect((await type('resume', '--all', '--rate', 'all')).stdout).toBe('the whole deployment: active\n');
  });

  test('say how they are used if they are told too little, too much, or a rate that is none', async () => {
    const usage = {
      exitCode: 2,
      stderr: expect.stringContaining('Pass a connector, --agent with a name, or --all.'),
    };
    expect(await type('pause')).toMatchObject(usage);
    expect(await type('resume', 'orders', '--all')).toMatchObject(usage);
    const rate = 'Expected a rate, such as 600/min, 10/s, or all.';
    expect(await type('resume', '--all', '--rate', 'fast')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(rate),
    });
  });
});
