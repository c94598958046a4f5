import { describe, expect, test } from '@jest/globals';
import { useCommandTarget } from '../../../test/command-target.ts';
import { startReceiver } from '../../../test/receivers/recording-receiver.ts';

const { run, text, make } = useCommandTarget();

describe('deliveries', () => {
  test('are listed with what came of them, and sent once more', async () => {
    const receiver = await startReceiver();
    receiver.answer((_request, count) => ({ status: count === 1 ? 400 : 200, body: 'noted' }));
    await make('results', 'outbound', ['count'], { url: receiver.url });
    await text('run', 'count', 'hello');
    await until(async () =>
      expect(await text('deliveries', '--connector', 'results')).toMatch(/failed +1 .*400/),
    );
    const [, id = ''] =
      /([0-9a-f]{8}-[0-9a-f-]{27}) +\S/.exec(await text('deliveries', '--status', 'failed')) ?? [];
    const shown = await text('deliveries', id);
    expect(shown).toContain('noted');
    expect(shown).toContain(`POST ${receiver.url}`);
    expect(shown).toMatch(/webhook-signature +\[redacted\]/);
    expect(shown).toContain('"agent_name":"count"');
    expect(await text('redeliver', '--connector', 'results')).toBe('Redelivering: 1.\n');
    await until(async () => expect(await text('deliveries', id)).toContain('delivered'));
    expect(await text('redeliver', id)).toContain('pending');
    await receiver.goDown();
  });

  test('that are held are shown with their connector, and dropped or sent with its enabling', async () => {
    const receiver = await startReceiver();
    await make('resting', 'outbound', ['count'], { url: receiver.url });
    await text('disable', 'resting');
    const count = async () => {
      await text('run', 'count', 'hello');
      await until(async () => expect(await text('show', 'resting')).toContain('1 result held.'));
    };
    await count();
    expect(await text('deliveries', '--status', 'held')).toContain('An operator disabled the connector.');
    expect(await text('drop', '--connector', 'resting')).toBe('Dropped: 1.\n');
    await count();
    for (const id of ['.', '..']) expect(await run('drop', id)).toMatchObject({ exitCode: 3 });
    expect(await run('redeliver', '.')).toMatchObject({ exitCode: 3 });
    expect(await text('deliveries', '--status', 'held')).toContain('resting');
    expect(await text('enable', 'resting')).toContain('npx connectors drop --connector resting');
    expect(await text('enable', 'resting', '--held', 'send')).not.toContain('held.');
    await until(async () =>
      expect(await text('deliveries', '--connector', 'resting')).toMatch(/delivered[\s\S]*cancelled/),
    );
    expect(receiver.requests).toHaveLength(1);
    expect(await run('drop')).toMatchObject({ exitCode: 2 });
    await receiver.goDown();
  });

  test('are chosen by ids or by what they are, not by both', async () => {
    expect(await run('redeliver')).toMatchObject({ exitCode: 2 });
    expect(await run('redeliver', 'some-id', '--status', 'failed')).toMatchObject({ exitCode: 2 });
  });

  test('dead letters are none', async () => {
    expect(await text('dead-letters')).toBe('No dead letters.\n');
    expect((await run('retry', 'nothing')).exitCode).toBe(3);
  });
});

/** Repeats a check until it passes. */
async function until(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await check();
    } catch (unmet) {
      if (tries === 50) throw unmet;
    }
  }
}
