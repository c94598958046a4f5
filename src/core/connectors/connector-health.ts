import { messageOf } from '../errors.ts';
import type { SourceHealthState } from '../ports/connector-sources.ts';
import type { Engine } from '../ports/engine.ts';
import type { Connector } from './connector.ts';
import { disabledPeriodAt } from './disabled-periods.ts';
import type { HealthStatus } from './health-status.ts';

/** The health of a connector, the same wherever it is shown. Times are Unix ms. */
export interface ConnectorHealth extends SeenOfConnector {
  readonly status: HealthStatus;
  /** Since when it has this status; `null` if that is unknown or not tracked. */
  readonly since: number | null;
  /** Why, in one sentence without secrets; `null` if it is `ok`, or if unknown. */
  readonly reason: string | null;
}

/** A connector's recent activity. */
export interface SeenOfConnector {
  /** When its last event arrived; `null` for outbound connectors. */
  readonly lastEventAt: number | null;
  /** When its last delivery was accepted; `null` for other modes. */
  readonly lastDeliveryAt: number | null;
  /** Runs that it started in the last 24 hours. */
  readonly runs: number;
  /** How many of these runs failed. */
  readonly failed: number;
  /** Events of the last 24 hours that no linked agent wanted. */
  readonly filtered: number;
  /** What else an operator should know, in one sentence: an error in a condition. */
  readonly warning: string | null;
}

/** The activity of a connector that has had none, or whose activity does not matter: it does not make it fail. */
export const nothingSeen: SeenOfConnector = {
  lastEventAt: null,
  lastDeliveryAt: null,
  runs: 0,
  failed: 0,
  filtered: 0,
  warning: null,
};

/**
 * Health of the source of a connector's events; `null` for outbound connectors, and if the source cannot be asked now:
 * the connector must still be shown.
 */
export async function sourceHealth(
  { sources, log }: Pick<Engine, 'sources' | 'log'>,
  { id, mode }: Pick<Connector, 'id' | 'mode'>,
): Promise<SourceHealthState | null> {
  if (mode === 'outbound') return null;
  try {
    return await sources.health(id);
  } catch (thrown) {
    log.warn('source.not-asked', { connector_id: id, reason: messageOf(thrown) });
    return null;
  }
}

type Judged = Pick<ConnectorHealth, 'status' | 'since' | 'reason'>;

/**
 * Determines a connector's health.
 *
 * @param source health of the source of its events; `null` if it needs none, or if its health is unknown now
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
  if (connector.paused !== null) return paused(connector, connector.paused);
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
  // For a connector disabled before periods were recorded, the time is unknown.
  return { status: 'disabled', since: from === 0 ? null : from, reason };
}

function paused({ mode }: Connector, { since, by }: NonNullable<Connector['paused']>): Judged {
  const waits = mode === 'outbound' ? 'Its deliveries wait.' : 'It accepts events, and their runs wait.';
  return { status: 'paused', since, reason: `Paused by ${by}. ${waits}` };
}

function idle(reason: string): Judged {
  return { status: 'idle', since: null, reason };
}
