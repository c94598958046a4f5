import type { Connector } from '../../../../core/connectors/connector.ts';
import { wayOf } from '../../../../core/connectors/connector-config.ts';
import type { ConnectorSecrets } from '../../../../core/connectors/connector-secrets.ts';
import type { Backlog, Listening, SourceHealth } from '../../../../core/connectors/listening.ts';
import { noteEvent } from '../../../../core/connectors/note-event.ts';
import type { ListenWay } from '../../../../core/connectors/ways.ts';
import { messageOf } from '../../../../core/errors.ts';
import type { SourceHealthState, SourceState } from '../../../../core/ports/connector-sources.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { takeEvents } from '../../../../core/triggers/take-events.ts';
import { InTurn } from '../in-turn.ts';

interface Listener {
  readonly listening: Listening;
  /** Equal for listeners with the same behaviour. */
  readonly identity: string;
  health: SourceHealthState;
}

export interface Listeners {
  /** Starts, ends or restarts a connector's listener according to its current configuration. */
  follow(connectorId: string): void;
  /** `null` for a connector without a listener. */
  state(connectorId: string): Promise<SourceState | null>;
  /** Like `state`, without asking the source. */
  health(connectorId: string): SourceHealthState | null;
  /** Resolves when no more events are taken. */
  stop(): Promise<void>;
}

/**
 * Listens for every enabled connector whose type fetches its events itself.
 *
 * @param onHealth called with a connector whose source starts or stops failing
 */
export function createListeners(engine: Engine, onHealth: (connectorId: string) => void): Listeners {
  const listeners = new Map<string, Listener>();
  const changes = new InTurn();
  let stopped = false;

  const end = async (connectorId: string) => {
    const listener = listeners.get(connectorId);
    listeners.delete(connectorId);
    await listener?.listening.stop();
  };

  const begin = (way: ListenWay<unknown>, connector: Connector, secrets: ConnectorSecrets) => {
    let health: SourceHealthState = { status: 'starting', since: engine.clock(), lastError: null };
    const listening = way.listen({
      connector,
      secrets,
      allowPrivateTargets: engine.settings.allowPrivateTargets,
      take: (events) => takeEvents(engine, connector.id, events),
      report(reported) {
        const { status } = health;
        health = healthAfter(health, reported, engine.clock());
        const listener = listeners.get(connector.id);
        if (listener !== undefined) listener.health = health;
        noteHealth(engine, connector.id, reported, health);
        if (status !== health.status) onHealth(connector.id);
      },
    });
    listeners.set(connector.id, { listening, identity: identityOf(connector, secrets), health });
  };

  const follow = async (connectorId: string) => {
    const connector = await engine.connectors.get(connectorId);
    const way = connector === null ? undefined : wayOf(engine.types, connector, 'listen');
    if (connector === null || way === undefined || !isListening(connector)) return end(connectorId);
    const secrets = await engine.secrets.get(connectorId);
    if (listeners.get(connectorId)?.identity === identityOf(connector, secrets)) return;
    await end(connectorId);
    if (!stopped) begin(way, connector, secrets);
  };

  return {
    follow(connectorId) {
      changes.add(connectorId, () =>
        follow(connectorId).catch((thrown: unknown) => {
          engine.log.error('source.not-followed', { connector_id: connectorId, reason: messageOf(thrown) });
        }),
      );
    },
    async state(connectorId) {
      const listener = listeners.get(connectorId);
      if (listener === undefined) return null;
      return { ...listener.health, nextEventAt: null, backlog: await backlogOf(listener) };
    },
    health: (connectorId) => listeners.get(connectorId)?.health ?? null,
    async stop() {
      stopped = true;
      await changes.whenIdle();
      await Promise.all([...listeners.keys()].map(end));
    },
  };
}

/** A connector without agents has no receiver for events, so they wait at their source. */
function isListening(connector: Connector): boolean {
  return connector.enabled && connector.agents.length > 0;
}

function identityOf({ config }: Connector, secrets: ConnectorSecrets): string {
  return JSON.stringify([config, secrets.config, secrets.current]);
}

function healthAfter(health: SourceHealthState, reported: SourceHealth, now: number): SourceHealthState {
  const since = health.status === reported.status ? health.since : now;
  const lastError = reported.status === 'failing' ? { at: now, message: reported.reason } : health.lastError;
  return { status: reported.status, since, lastError };
}

/** Writes a change of status to the connector's history. An unbroken row of failures is one change. */
function noteHealth(
  engine: Engine,
  connectorId: string,
  reported: SourceHealth,
  health: SourceHealthState,
): void {
  const natural = { key: reported.status, timeMs: health.since ?? 0 };
  const detail = reported.status === 'failing' ? reported.reason : 'Connected to its source.';
  noteEvent(engine, connectorId, `source.${reported.status}`, natural, detail).catch((thrown: unknown) => {
    engine.log.warn('history.not-written', { connector_id: connectorId, reason: messageOf(thrown) });
  });
}

/** A source that does not answer has reported that by its health. */
async function backlogOf({ listening, health }: Listener): Promise<Backlog | null> {
  if (health.status !== 'running') return null;
  return (await listening.backlog?.().catch(() => null)) ?? null;
}
