import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { openStillEngine } from '../../../test/embedded/test-engine.ts';
import { changeConnector } from './change-connector.ts';
import { checkDraft } from './check-draft.ts';
import type { ConnectorType, ModeDescription } from './connector-type.ts';
import { createConnector } from './create-connector.ts';

/** Gets events from the platform's bus or on a schedule, as configured. */
const inbound: ModeDescription<never> = {
  summary: 'Hears of events.',
  config: z.strictObject({ by: z.enum(['bus', 'clock']) }),
  ways: {
    rule: {
      serves: ({ by }) => by === 'bus',
      rule: () => ({ pattern: {}, bus: 'default' }),
      event: () => {
        throw new Error('nothing is delivered here');
      },
    },
    schedule: {
      serves: ({ by }) => by === 'clock',
      schedule: () => ({
        identity: 'never',
        words: 'Never',
        timeZone: 'UTC',
        catchUpMs: 0,
        overlap: 'allow',
        nextAfter: () => null,
      }),
      platformSchedules: () => ({ outcome: 'expressed', expressions: [], timeZone: 'UTC' }),
    },
  },
  samples: [],
};

const typeOf = (mode: ModeDescription<never>): ConnectorType => ({
  name: 'bus',
  title: 'Bus',
  summary: 'A bus.',
  category: 'web',
  icon: '',
  modes: { inbound: mode },
});

async function withType(mode: ModeDescription<never>) {
  const types = new Map([['bus', typeOf(mode)]]);
  return openStillEngine({ clerk: 'async () => "done"' }, { types });
}

const draft = { name: 'events', type: 'bus', mode: 'inbound', agents: ['clerk'] } as const;

describe('a connector whose events cannot get in here', () => {
  test('is refused when it is made or checked, and says what to do in the words of its type', async () => {
    const still = await withType({ ...inbound, withoutWay: 'needs EventBridge; use by: clock here' });
    const problems = [{ field: 'type', message: 'needs EventBridge; use by: clock here' }];
    const config = { by: 'bus' };
    expect(await createConnector(still.engine, 'test', { ...draft, config })).toMatchObject({ problems });
    expect(await checkDraft(still.engine, 'bus', 'inbound', config)).toMatchObject({ problems });
    await still.close();
  });

  test('is refused in plain words where its type has none', async () => {
    const still = await withType(inbound);
    expect(await createConnector(still.engine, 'test', { ...draft, config: { by: 'bus' } })).toMatchObject({
      detail: expect.stringMatching(/type: gets no events here: a single process/),
    });
    await still.close();
  });

  test('is made where one of its ways is there, and is not changed to one that is not', async () => {
    const still = await withType(inbound);
    const created = await createConnector(still.engine, 'test', { ...draft, config: { by: 'clock' } });
    expect(created).toMatchObject({ outcome: 'created' });
    if (created.outcome !== 'created') return;
    const { id } = created.connector;
    const changed = await changeConnector(still.engine, 'test', id, { config: { by: 'bus' } });
    expect(changed).toMatchObject({ outcome: 'refused', problems: [{ field: 'type' }] });
    expect((await still.engine.connectors.get(id))?.config).toEqual({ by: 'clock' });
    await still.close();
  });
});
