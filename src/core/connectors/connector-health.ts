import type { SourceHealthState } from '../ports/connector-sources.ts';
import type { Connector } from './connector.ts';
import { disabledPeriodAt } from './disabled-periods.ts';
import type { HealthStatus } from './health-status.ts';

/** How a connector does, in one place for all who show it. Times are Unix ms. */
export interface ConnectorHealth extends SeenOfConnector {
  readonly status: HealthStatus;
  /** Since when it is disabled or fails; `null` where that is not known, or not asked for. */
  readonly since: number | null;
  /** Why, in one sentence without secrets; `null` where it is `ok`. */
  readonly reason: string | null;
}

/** What was seen of a connector's work. */
export interface SeenOfConnector {
  /** When its last event came in; outbound connectors have none. */
  readonly lastEventAt: number | null;
  /** When its last delivery was accepted; others than outbound connectors have none. */
  readonly lastDeliveryAt: number | null;
  /** Runs that it has started in the last 24 hours. */
  readonly runs: number;
  /** Those of them that have failed. */
  readonly failed: number;
}

type Judged = Pick<ConnectorHealth, 'status' | 'since' | 'reason'>;

/**
 * How a connector does.
 *
 * @param source how the source of its events does; `null` where it needs none, or where that cannot be told now
 * @param now Unix ms
 */
export function connectorHealth(
  connector: Connector,
  source: SourceHealthState | null,
  seen: SeenOfConnector,
  now: number,
): ConnectorHealth {
  return { ...judge(connector, source, seen, now), ...seen };
}

function judge(
  connector: Connector,
  source: SourceHealthState | null,
  seen: SeenOfConnector,
  now: number,
): Judged {
  if (!connector.enabled) return disabled(connector, now);
  if (source?.status === 'failing') {
    const { since, lastError } = source;
    return { status: 'failing', since: since ?? lastError?.at ?? null, reason: lastError?.message ?? null };
  }
  if (connector.failingSince !== null) {
    const reason = connector.failureTally?.reason ?? 'Every delivery fails.';
    return { status: 'failing', since: connector.failingSince, reason };
  }
  if (connector.agents.length === 0) return idle('No agents are linked.');
  if (source?.status === 'starting') return idle('Connecting to its source.');
  if (source?.status === 'running') return { status: 'ok', since: source.since, reason: null };
  if (seen.lastEventAt !== null || seen.lastDeliveryAt !== null) {
    return { status: 'ok', since: null, reason: null };
  }
  return idle(connector.mode === 'outbound' ? 'No deliveries yet.' : 'No events yet.');
}

function disabled(connector: Connector, now: number): Judged {
  const from = disabledPeriodAt(connector, now)?.from ?? 0;
  const reason = connector.disabledReason ?? 'An operator disabled the connector.';
  // A connector that was disabled before periods were noted does not know since when.
  return { status: 'disabled', since: from === 0 ? null : from, reason };
}

function idle(reason: string): Judged {
  return { status: 'idle', since: null, reason };
}
