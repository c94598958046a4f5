import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import { loadConnectorTypes } from '../../connectors/index.ts';
import { type ConnectorPatch, changeConnector } from '../connectors/change-connector.ts';
import { createConnector } from '../connectors/create-connector.ts';
import { Payload } from '../json/json-value.ts';
import { executeRun } from '../runs/execute-run.ts';
import { dispatchTrigger } from '../triggers/dispatch-trigger.ts';
import { planDeliveries } from './plan-deliveries.ts';

const connectorTypes = await loadConnectorTypes();

const minute = 60_000;

describe('what a run becomes for a connector that is switched off and on', () => {
  let still: StillEngine;
  let connectorId: string;

  beforeEach(async () => {
    still = await openStillEngine({ clerk: `async () => 'done'` }, { types: connectorTypes });
    const draft = { name: 'Out', type: 'webhook', mode: 'outbound', agents: ['clerk'] } as const;
    const created = await createConnector(still.engine, 'test', {
      ...draft,
      config: { url: 'https://receiver.example/hook' },
    });
    connectorId = created.outcome === 'created' ? created.connector.id : '';
    still.now += minute;
  });
  afterEach(() => still.close());

  /** A run that ends now and has no deliveries planned yet. */
  const endedRun = async () => {
    const agents = [still.engine.agents.get('clerk')].filter((agent) => agent !== null);
    const draft = {
      payload: Payload.of({}),
      context: {},
      modelInput: null,
      warnings: [],
      repeat: null,
      natural: null,
    };
    const dispatched = await dispatchTrigger(still.engine, null, agents, draft);
    const runId = dispatched.outcome === 'dispatched' ? (dispatched.runs[0]?.runId ?? '') : '';
    await executeRun(still.engine, runId);
    still.now += minute;
    return runId;
  };
  const change = async (patch: ConnectorPatch) => {
    const changed = await changeConnector(still.engine, 'test', connectorId, patch);
    still.now += minute;
    return changed;
  };
  const planned = async (runId: string) => {
    await planDeliveries(still.engine, runId);
    const [delivery] = await still.engine.deliveries.ofRun(runId);
    return delivery?.status;
  };

  test('is decided by when the run ended, however late its deliveries are planned', async () => {
    const before = await endedRun();
    await change({ enabled: false });
    const during = await endedRun();
    await change({ enabled: true });
    const after = await endedRun();
    expect([await planned(before), await planned(during), await planned(after)]).toEqual([
      'pending',
      'held',
      'pending',
    ]);
  });

  test('is told apart for one period after another', async () => {
    await change({ enabled: false });
    const first = await endedRun();
    await change({ enabled: true });
    const between = await endedRun();
    await change({ enabled: false });
    const second = await endedRun();
    expect([await planned(first), await planned(between), await planned(second)]).toEqual([
      'held',
      'pending',
      'held',
    ]);
  });

  test.each([
    ['send', 'pending'],
    ['drop', 'cancelled'],
    ['keep', 'held'],
  ] as const)(
    'follows a decision to %s, also where it is planned only after that',
    async (decision, status) => {
      await change({ enabled: false });
      const early = await endedRun();
      const late = await endedRun();
      expect(await planned(early)).toBe('held');
      const changed = await change({ enabled: true, heldDecision: decision });
      expect(changed).toMatchObject({ held: { count: decision === 'keep' ? 1 : 0 } });
      expect([await planned(early), await planned(late)]).toEqual([status, status]);
    },
  );

  test('is not asked for where the connector is not enabled', async () => {
    const refused = await change({ enabled: false, heldDecision: 'send' });
    expect(refused).toMatchObject({ reason: 'invalid-request', problems: [{ field: 'held_deliveries' }] });
  });
});
