import { noteEvent } from '../../../../core/connectors/note-event.ts';
import {
  openRegistered,
  registerConnector,
  unregisterDeleted,
} from '../../../../core/connectors/register-connector.ts';
import { messageOf } from '../../../../core/errors.ts';
import type { SourceHealthState } from '../../../../core/ports/connector-sources.ts';
import type { Engine, OpenConnector } from '../../../../core/ports/engine.ts';
import { InTurn } from '../in-turn.ts';

/** The waits between attempts to register a connector, in ms. */
const tryAgainMs = [5_000, 30_000, 120_000, 300_000];

interface Registered {
  /** Equal for connectors with the same registration. */
  readonly identity: string;
  readonly health: SourceHealthState;
  readonly failures: number;
  readonly retry: NodeJS.Timeout | undefined;
}

export interface Registrations {
  /** Registers a connector at its provider, as its record says now. */
  follow(connectorId: string): void;
  /** `null` for a connector without a registration. */
  health(connectorId: string): SourceHealthState | null;
  /** Aborts calls that wait for a provider. */
  stop(): Promise<void>;
}

/**
 * Registers connectors at their providers: each once per process, and after every change of it. Failures are retried.
 *
 * @param onHealth called with a connector whose registration starts or stops failing
 */
export function createRegistrations(engine: Engine, onHealth: (connectorId: string) => void): Registrations {
  const registered = new Map<string, Registered>();
  const changes = new InTurn();
  const stopping = new AbortController();

  const forget = (connectorId: string) => {
    clearTimeout(registered.get(connectorId)?.retry);
    registered.delete(connectorId);
  };

  const renew = async (connectorId: string) => {
    const opened = await openRegistered(engine, connectorId);
    if (opened === null || stopping.signal.aborted) return forget(connectorId);
    const before = registered.get(connectorId);
    const identity = identityOf(opened);
    if (before?.identity === identity && before.health.status === 'running') return;
    clearTimeout(before?.retry);
    const outcome = await registerConnector(engine, opened, stopping.signal);
    if (stopping.signal.aborted) return;
    if (await unregisterDeleted(engine, opened)) return forget(connectorId);
    const error = outcome.outcome === 'failed' ? outcome.error : null;
    const failures = error === null ? 0 : (before?.failures ?? 0) + 1;
    const health = healthAfter(before?.health, error, engine.clock());
    registered.set(connectorId, { identity, health, failures, retry: retryOf(connectorId, failures) });
    if (before?.health.status === health.status) return;
    onHealth(connectorId);
    const detail = error ?? 'Registered at its provider.';
    const natural = { key: health.status, timeMs: health.since ?? 0 };
    await noteEvent(engine, connectorId, `source.${health.status}`, natural, detail);
  };

  const retryOf = (connectorId: string, failures: number) => {
    if (failures === 0) return undefined;
    const waitMs = tryAgainMs[failures - 1] ?? tryAgainMs.at(-1);
    return setTimeout(() => follow(connectorId), waitMs).unref();
  };

  const follow = (connectorId: string) =>
    changes.add(connectorId, () =>
      renew(connectorId).catch((thrown: unknown) => {
        engine.log.error('source.not-followed', { connector_id: connectorId, reason: messageOf(thrown) });
      }),
    );

  return {
    follow,
    health: (connectorId) => registered.get(connectorId)?.health ?? null,
    async stop() {
      stopping.abort();
      await changes.whenIdle();
      for (const connectorId of [...registered.keys()]) forget(connectorId);
    },
  };
}

function identityOf({ connector: { config }, secrets }: OpenConnector): string {
  return JSON.stringify([config, secrets.config, secrets.current]);
}

function healthAfter(
  before: SourceHealthState | undefined,
  error: string | null,
  now: number,
): SourceHealthState {
  const status = error === null ? 'running' : 'failing';
  const since = before?.status === status ? before.since : now;
  const lastError = error === null ? (before?.lastError ?? null) : { at: now, message: error };
  return { status, since, lastError };
}
