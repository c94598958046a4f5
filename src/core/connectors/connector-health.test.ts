import { describe, expect, test } from '@jest/globals';
import { sampleConnector, sampleNow } from '../../../test/connectors/sample-records.ts';
import type { SourceHealthState } from '../ports/connector-sources.ts';
import type { Connector } from './connector.ts';
import { connectorHealth, nothingSeen, type SeenOfConnector } from './connector-health.ts';
import { disable } from './disabled-periods.ts';

const running: SourceHealthState = { status: 'running', since: sampleNow - 9_000, lastError: null };
const failing: SourceHealthState = {
  status: 'failing',
  since: sampleNow - 5_000,
  lastError: { at: sampleNow - 1_000, message: 'The broker refused the connection.' },
};

function healthOf(
  change: Partial<Connector>,
  source: SourceHealthState | null = null,
  seen: Partial<SeenOfConnector> = {},
) {
  const connector = { ...sampleConnector('webhook', 'inbound', {}), ...change };
  const { status, since, reason } = connectorHealth(
    connector,
    source,
    { ...nothingSeen, ...seen },
    sampleNow,
  );
  return [status, since, reason];
}

describe('the health of a connector', () => {
  test('is idle until something comes in or goes out, and then ok', () => {
    expect(healthOf({})).toEqual(['idle', null, 'No events yet.']);
    expect(healthOf({ mode: 'outbound' })).toEqual(['idle', null, 'No deliveries yet.']);
    expect(healthOf({}, null, { lastEventAt: 1 })).toEqual(['ok', null, null]);
    expect(healthOf({ mode: 'outbound' }, null, { lastDeliveryAt: 1 })).toEqual(['ok', null, null]);
  });

  test('is idle without agents', () => {
    expect(healthOf({ agents: [] }, running, { lastEventAt: 1 })).toEqual([
      'idle',
      null,
      'No agents are linked.',
    ]);
  });

  test('follows the source that brings its events', () => {
    expect(healthOf({}, { ...running, status: 'starting' })[0]).toBe('idle');
    expect(healthOf({}, running)).toEqual(['ok', sampleNow - 9_000, null]);
    expect(healthOf({}, failing, { lastEventAt: 1 })).toEqual([
      'failing',
      sampleNow - 5_000,
      'The broker refused the connection.',
    ]);
  });

  test('fails while every delivery fails, for the reason of the last one that was counted', () => {
    const failureTally = { failedMs: 0, countedAt: 7, reason: 'The receiver answered 503.' };
    expect(healthOf({ mode: 'outbound', failingSince: 7, failureTally })).toEqual([
      'failing',
      7,
      'The receiver answered 503.',
    ]);
    const earlier = { failedMs: 0, countedAt: 7 };
    expect(healthOf({ mode: 'outbound', failingSince: 7, failureTally: earlier })).toEqual([
      'failing',
      7,
      'Every delivery fails.',
    ]);
  });

  test('is disabled before anything else, since when and why', () => {
    const connector = sampleConnector('webhook', 'outbound', {});
    expect(healthOf(disable(connector, 70, null), failing)).toEqual([
      'disabled',
      70,
      'An operator disabled the connector.',
    ]);
    expect(healthOf(disable(connector, 70, 'The receiver is gone.'))).toEqual([
      'disabled',
      70,
      'The receiver is gone.',
    ]);
    expect(healthOf({ enabled: false })).toEqual(['disabled', null, 'An operator disabled the connector.']);
  });
});
