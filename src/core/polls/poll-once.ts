import type { Connector } from '../connectors/connector.ts';
import { allSecrets } from '../connectors/connector-secrets.ts';
import type { Polled, PollWay } from '../connectors/ways.ts';
import { messageOf, RetryableError } from '../errors.ts';
import type { JsonValue } from '../json/json-value.ts';
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

export type PollOutcome =
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
