import { describe, expect, test } from '@jest/globals';
import { sampleConnector, sampleRun } from '../../../test/connectors/sample-records.ts';
import type { Run } from '../runs/run.ts';
import { wantsRun } from './plan-deliveries.ts';

const outbound = (config = {}) => sampleConnector('webhook', 'outbound', config);
const run = (change: Partial<Run> = {}): Run => ({ ...sampleRun, ...change });

describe('an outbound connector', () => {
  test('delivers runs that have completed, and no others, where nothing else is configured', () => {
    expect(wantsRun(outbound(), run())).toBe(true);
    for (const status of ['failed', 'cancelled', 'running', 'queued'] as const) {
      expect(wantsRun(outbound(), run({ status }))).toBe(false);
    }
  });

  test('delivers failed runs where it is told to', () => {
    expect(wantsRun(outbound({ statuses: ['failed'] }), run({ status: 'failed' }))).toBe(true);
    expect(wantsRun(outbound({ statuses: ['failed'] }), run())).toBe(false);
    expect(wantsRun(outbound({ statuses: ['completed', 'failed'] }), run())).toBe(true);
  });

  test('may deliver only what came from chosen connectors', () => {
    const config = { from_connectors: ['a', 'b'] };
    expect(wantsRun(outbound(config), run({ connectorId: 'b' }))).toBe(true);
    expect(wantsRun(outbound(config), run({ connectorId: 'c' }))).toBe(false);
    expect(wantsRun(outbound(config), run({ connectorId: null }))).toBe(false);
  });

  test('is for its runs also while it is disabled: they are held', () => {
    expect(wantsRun({ ...outbound(), enabled: false }, run())).toBe(true);
  });

  test('of a configuration that cannot be read delivers nothing', () => {
    expect(wantsRun(outbound({ statuses: 'all' }), run())).toBe(false);
  });
});

test('an inbound connector delivers nothing', () => {
  expect(wantsRun(sampleConnector('webhook', 'inbound', {}), run())).toBe(false);
});
