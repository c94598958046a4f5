import * as z from 'zod';
import type { Connector } from '../connectors/connector.ts';
import { wayOf } from '../connectors/connector-config.ts';
import { allSecrets } from '../connectors/connector-secrets.ts';
import { noteEvent } from '../connectors/note-event.ts';
import type { Polled, PollWay, Way } from '../connectors/ways.ts';
import { messageOf, RetryableError } from '../errors.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { SourceState } from '../ports/connector-sources.ts';
import type { Engine } from '../ports/engine.ts';
import { hideSecrets } from '../redaction/hide-secrets.ts';
import { takeEvents } from '../triggers/take-events.ts';

export interface Poll {
  readonly connector: Connector;
  readonly way: PollWay<unknown>;
  /** From the last poll whose events are stored; `null` before the first. */
  readonly cursor: JsonValue;
  /** Aborts when the process stops or the connector changes. */
  readonly signal: AbortSignal;
}

type PollOutcome =
  /** All events and the cursor are stored. */
  | { readonly outcome: 'polled'; readonly cursor: JsonValue; readonly more: boolean }
  /** The cursor has not moved. `reason` is a sentence without secrets. */
  | { readonly outcome: 'failed'; readonly reason: string; readonly retryAfterSeconds?: number }
  /** The signal aborted before anything was stored. */
  | { readonly outcome: 'stopped' };

/** A source that takes longer has failed: the functions that poll on AWS have 30 s in total. */
export const pollSeconds = 20;

/**
 * Asks a source once for new events and takes them. The write that stores the last of the runs also moves the cursor.
 * An interrupted poll is therefore repeated from the same cursor; events stored before start no second run.
 *
 * Never throws: a failure is an outcome.
 */
export async function pollOnce(engine: Engine, poll: Poll): Promise<PollOutcome> {
  const { connector, way, cursor, signal } = poll;
  let hide = (text: string) => text;
  try {
    const secrets = await engine.secrets.get(connector.id);
    hide = (text) => hideSecrets(text, allSecrets(secrets));
    const context = {
      connector,
      secrets,
      allowPrivateTargets: engine.settings.allowPrivateTargets,
      cursor,
      now: engine.clock(),
    };
    const limit = AbortSignal.timeout(pollSeconds * 1_000);
    const within = AbortSignal.any([signal, limit]);
    const polled = await Promise.race([way.poll({ ...context, signal: within }), aborted(within)]);
    if (signal.aborted) return { outcome: 'stopped' };
    if (polled.outcome === 'failed') {
      return { outcome: 'failed', reason: limit.aborted ? tooSlow : hide(polled.error) };
    }
    const move = { connectorId: connector.id, from: cursor, to: polled.cursor };
    await takeEvents(engine, connector.id, polled.events, move);
    await acknowledge(engine, poll, hide, (until) =>
      way.acknowledge?.(polled.events, { ...context, signal: until }),
    );
    return { outcome: 'polled', cursor: polled.cursor, more: polled.more };
  } catch (thrown) {
    return failureOf(engine, connector, thrown, hide);
  }
}

const tooSlow = `The source did not respond within ${pollSeconds} seconds.`;

/** Does not wait for a type that ignores the signal. */
function aborted(signal: AbortSignal): Promise<Extract<Polled<unknown>, { outcome: 'failed' }>> {
  return new Promise((resolve) => {
    const failed = () => resolve({ outcome: 'failed', error: 'The poll was aborted.' });
    if (signal.aborted) failed();
    else signal.addEventListener('abort', failed, { once: true });
  });
}

/** How long to wait for a source's acknowledgement. Without one, the source may bring its events again. */
const acknowledgeSeconds = 5;

/** A failure is only logged: the events are stored, and start nothing if the source brings them again. */
async function acknowledge(
  { log }: Engine,
  { connector, signal }: Poll,
  hide: (text: string) => string,
  tell: (until: AbortSignal) => Promise<void> | undefined,
): Promise<void> {
  const limit = AbortSignal.timeout(acknowledgeSeconds * 1_000);
  const until = AbortSignal.any([signal, limit]);
  try {
    await Promise.race([tell(until), aborted(until)]);
    if (limit.aborted) throw new Error(`The source did not respond within ${acknowledgeSeconds} seconds.`);
  } catch (thrown) {
    log.warn('source.not-acknowledged', { connector_id: connector.id, reason: hide(messageOf(thrown)) });
  }
}

function failureOf(
  { log }: Engine,
  { id }: Connector,
  thrown: unknown,
  hide: (text: string) => string,
): PollOutcome {
  const reason = hide(messageOf(thrown));
  if (thrown instanceof RetryableError) {
    return { outcome: 'failed', reason, retryAfterSeconds: thrown.retryAfterSeconds };
  }
  log.error('source.not-polled', { connector_id: id, reason });
  return { outcome: 'failed', reason: `The source could not be polled: ${reason}` };
}

/** The ways that fetch the same events: if the engine has one of them, it does not poll the connector. */
const insteadOfPolls: readonly Way[] = ['listen', 'mapping'];

export interface ConnectorPoll {
  readonly way: PollWay<unknown>;
  readonly everySeconds: number;
}

/** Whether this engine polls for a connector's events. Ignores whether the connector is enabled. */
export function isPolled({ types, hasWay }: Engine, connector: Connector): boolean {
  const has = (way: Way) => hasWay(connector.type, way) && wayOf(types, connector, way) !== undefined;
  return has('poll') && !insteadOfPolls.some(has);
}

/**
 * How a connector is polled now; `null` if it is disabled, has no linked agents, gets its events in another way, or has
 * an unreadable configuration.
 */
export function pollOf(engine: Engine, connector: Connector): ConnectorPoll | null {
  if (!connector.enabled || connector.agents.length === 0 || !isPolled(engine, connector)) return null;
  try {
    const way = wayOf(engine.types, connector, 'poll');
    return way === undefined ? null : { way, everySeconds: way.everySeconds(connector.config) };
  } catch (thrown) {
    engine.log.error('poll.not-readable', { connector_id: connector.id, reason: messageOf(thrown) });
    return null;
  }
}

/** How a connector's polls have gone so far, as engines store it. */
export const pollHealth = z.object({
  status: z.enum(['running', 'failing']),
  /** Unix ms of the last change of `status`. */
  since: z.number(),
  /** Failed polls since the last successful one. */
  failures: z.number(),
  lastError: z.object({ at: z.number(), message: z.string() }).nullable(),
});
export type PollHealth = z.infer<typeof pollHealth>;

/** The longest pause after failures, unless the connector polls less often. */
const longestPauseSeconds = 300;

/**
 * The health after another poll. Records a change of status in the connector's history; a run of failures is one
 * change.
 *
 * @param before `null` before the first poll
 */
export async function settleHealth(
  engine: Engine,
  connectorId: string,
  before: PollHealth | null,
  outcome: Exclude<PollOutcome, { outcome: 'stopped' }>,
): Promise<PollHealth> {
  const now = engine.clock();
  const failed = outcome.outcome === 'failed';
  const status = failed ? 'failing' : 'running';
  const after: PollHealth = {
    status,
    since: before?.status === status ? before.since : now,
    failures: failed ? (before?.failures ?? 0) + 1 : 0,
    lastError: failed ? { at: now, message: outcome.reason } : (before?.lastError ?? null),
  };
  if (before?.status !== status) {
    const detail = failed ? outcome.reason : 'Connected to its source.';
    await noteEvent(engine, connectorId, `source.${status}`, { key: status, timeMs: now }, detail).catch(
      (thrown: unknown) => {
        engine.log.warn('history.not-written', { connector_id: connectorId, reason: messageOf(thrown) });
      },
    );
  }
  return after;
}

/**
 * How long to wait for the next poll, in ms: not at all while more events wait, and longer with each failure.
 *
 * @param health after the poll
 */
export function pauseAfterPoll(
  everySeconds: number,
  outcome: Exclude<PollOutcome, { outcome: 'stopped' }>,
  { failures }: PollHealth,
): number {
  if (outcome.outcome === 'polled') return outcome.more ? 0 : everySeconds * 1_000;
  const longest = Math.max(everySeconds, longestPauseSeconds);
  const pause = Math.min(longest, everySeconds * 2 ** (failures - 1));
  return Math.max(pause, outcome.retryAfterSeconds ?? 0) * 1_000;
}

/** The state of a polled source, without its backlog, which the caller asks for. */
export function stateOfPolls(health: PollHealth | null): SourceState {
  const { status = 'starting', since = null, lastError = null } = health ?? {};
  return { status, since, lastError, nextEventAt: null, backlog: null };
}
