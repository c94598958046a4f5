import { type Connector, tallyFailure } from '../connectors/connector.ts';
import { allSecrets } from '../connectors/connector-secrets.ts';
import type { Sent } from '../connectors/connector-type.ts';
import { disable, heldReason } from '../connectors/disabled-periods.ts';
import { noteEvent } from '../connectors/note-event.ts';
import { type ConnectorChange, updateConnector } from '../connectors/update-connector.ts';
import { holdOfDeliveries } from '../control/hold.ts';
import { messageOf } from '../errors.ts';
import { notifySubscribers } from '../events/notify-subscribers.ts';
import { uuidV7 } from '../identifiers.ts';
import { recordAction } from '../operators/record-action.ts';
import type { AfterAttempt } from '../ports/delivery-store.ts';
import type { Engine, OpenConnector } from '../ports/engine.ts';
import { refuse } from '../refusal.ts';
import {
  type Attempt,
  type Delivery,
  disableAfterFailingMs,
  isSameMessage,
  retryDelayMs,
  type SentMessage,
} from './delivery.ts';
import { hurryWaiting } from './hurry-waiting.ts';
import { describeMessage, keptMessage, prepareMessage, safeHeaders } from './prepare-message.ts';

export type DeliverOutcome =
  | { readonly outcome: 'delivered' | 'failed' | 'held' | 'not-acquired' }
  | { readonly outcome: 'retry'; readonly at: number };

/** Longer than the longest attempt: the time to connect, and 30 s for the receiver's answer. */
const deliveryLeaseMs = 90_000;

/**
 * Makes one attempt of a delivery and records its outcome.
 *
 * @param signal aborts when the process stops: the attempt then counts as not made
 * @throws RetryableError when the store is unavailable; the delivery is attempted again after its lease
 */
export async function deliver(
  engine: Engine,
  deliveryId: string,
  signal: AbortSignal,
): Promise<DeliverOutcome> {
  const startedAt = engine.clock();
  const owner = uuidV7(startedAt, engine.entropy);
  const delivery = await engine.deliveries.claim(deliveryId, owner, startedAt, startedAt + deliveryLeaseMs);
  if (delivery === null) return { outcome: 'not-acquired' };
  const opened = await engine.openConnector(delivery.connectorId);
  if (opened?.connector.enabled === false) return holdBack(engine, delivery, owner, opened.connector);
  const hold = opened === null ? null : holdOfDeliveries(await engine.holds.known(), delivery.connectorId);
  if (hold !== null && (await engine.holds.holdDelivery(delivery, owner, hold)) === 'held') {
    return { outcome: 'held' };
  }
  const attempted = await attempt(engine, delivery, opened, startedAt, signal);
  const sent = attempted.outcome;
  if (signal.aborted && sent.outcome !== 'delivered' && !hasAdvanced(sent, delivery)) {
    await engine.deliveries.release(deliveryId, owner, engine.clock());
    return { outcome: 'not-acquired' };
  }
  const endedAt = engine.clock();
  const secrets = opened === null ? [] : allSecrets(opened.secrets);
  const recorded = attemptOf(attempted, { startedAt, endedAt }, delivery, secrets);
  const next = afterAttempt(sent, delivery.attemptsInSchedule + 1, endedAt, engine.random());
  if ((await engine.deliveries.record(deliveryId, owner, recorded, next)) === 'lost')
    return { outcome: 'not-acquired' };
  logAttempt(engine, delivery, recorded, next);
  if (next.status === 'failed' && opened !== null) await notifyOfFailure(engine, delivery, opened, recorded);
  if (opened !== null) await noteHealth(engine, opened.connector, sent, endedAt);
  if (next.nextAttemptAt !== null) return { outcome: 'retry', at: next.nextAttemptAt };
  return { outcome: next.status === 'delivered' ? 'delivered' : 'failed' };
}

/** Whether the attempt has sent parts of a message that no earlier one had sent. */
function hasAdvanced(sent: Sent, { attempts }: Delivery): boolean {
  const { partsSent = 0 } = sent.outcome === 'failed' ? sent : {};
  return partsSent > (attempts.at(-1)?.partsSent ?? 0);
}

/** A failed delivery of an event causes no other: two receivers that fail would tell each other of it for ever. */
async function notifyOfFailure(
  engine: Engine,
  { event, deliveryId, runId, agentName }: Delivery,
  { connector }: OpenConnector,
  { error }: Attempt,
): Promise<void> {
  if (event !== undefined) return;
  await notifySubscribers(engine, {
    type: 'delivery.failed',
    summary: `A delivery of "${connector.name}" failed after its last attempt: ${error ?? 'The reason is not known.'}`,
    about: { connector_id: connector.id, agent_name: agentName, run_id: runId, delivery_id: deliveryId },
  });
}

/** Nothing is sent for a disabled connector: an operator decides about the delivery on enabling it again. */
async function holdBack(
  engine: Engine,
  { deliveryId, runId, connectorId }: Delivery,
  owner: string,
  connector: Connector,
): Promise<DeliverOutcome> {
  const reason = heldReason(connector);
  const held = await engine.deliveries.hold(deliveryId, owner, reason);
  if (held === 'lost') return { outcome: 'not-acquired' };
  const about = { delivery_id: deliveryId, run_id: runId, connector_id: connectorId };
  engine.log.info('delivery.held', { ...about, reason });
  return { outcome: 'held' };
}

/** An attempt's outcome, and the message it sent. */
interface Attempted {
  readonly outcome: Sent;
  /** `null` if nothing was sent, or if the type does not describe its messages. */
  readonly message: SentMessage | null;
}

async function attempt(
  engine: Engine,
  delivery: Delivery,
  opened: OpenConnector | null,
  now: number,
  signal: AbortSignal,
): Promise<Attempted> {
  if (opened === null) return unsent('The connector was deleted.');
  const prepared = await prepareMessage(engine, delivery, opened, now);
  if (prepared.outcome === 'not-preparable') return unsent(prepared.error);
  const { type, message } = prepared;
  const secrets = allSecrets(opened.secrets);
  const { allowPrivateTargets } = engine.settings;
  try {
    const described = describeMessage(type, message);
    const kept = described && keptMessage(described, secrets);
    const context = { signal, allowPrivateTargets, secrets, ...partsOfSame(kept, delivery) };
    const outcome = await type.send?.(message, context);
    if (outcome === undefined) throw new Error('the type sends nothing');
    return { outcome, message: kept };
  } catch (thrown) {
    const { deliveryId } = delivery;
    engine.log.error('delivery.not-sendable', { delivery_id: deliveryId, reason: messageOf(thrown) });
    return unsent("The message could not be sent. Check the connector's configuration.");
  }
}

/** The parts that earlier attempts have sent of this message. Another configuration may make another message. */
function partsOfSame(message: SentMessage | null, { attempts }: Delivery): { partsSent?: number } {
  const partsSent = attempts.at(-1)?.partsSent;
  if (partsSent === undefined || message === null || !isSameMessage(message, lastSent(attempts))) return {};
  return { partsSent };
}

function lastSent(attempts: readonly Attempt[]): SentMessage | undefined {
  return attempts.findLast(({ sent }) => sent !== undefined)?.sent;
}

function unsent(error: string): Attempted {
  return { outcome: rejected(error), message: null };
}

/** The record of an attempt. */
function attemptOf(
  { outcome: sent, message }: Attempted,
  times: { readonly startedAt: number; readonly endedAt: number },
  { attempts }: Delivery,
  secrets: readonly string[],
): Attempt {
  const { partsSent = 0 } = sent.outcome === 'failed' ? sent : {};
  return {
    at: times.startedAt,
    durationMs: times.endedAt - times.startedAt,
    statusCode: sent.statusCode,
    error: sent.outcome === 'delivered' ? null : sent.error,
    responseExcerpt: sent.responseExcerpt,
    ...(sent.responseHeaders === undefined
      ? {}
      : { responseHeaders: safeHeaders(sent.responseHeaders, secrets) }),
    ...(message === null || isSameMessage(message, lastSent(attempts)) ? {} : { sent: message }),
    ...(partsSent === 0 ? {} : { partsSent }),
  };
}

function rejected(error: string): Sent {
  return { outcome: 'rejected', error, statusCode: null, responseExcerpt: null };
}

function afterAttempt(sent: Sent, attemptNumber: number, now: number, random: number): AfterAttempt {
  if (sent.outcome === 'delivered') return { status: 'delivered', nextAttemptAt: null };
  if (sent.outcome !== 'failed') return { status: 'failed', nextAttemptAt: null };
  const delayMs = retryDelayMs(attemptNumber, random, sent.retryAfterMs);
  if (delayMs === null) return { status: 'failed', nextAttemptAt: null };
  return { status: 'pending', nextAttemptAt: now + delayMs };
}

function logAttempt(engine: Engine, delivery: Delivery, attempt: Attempt, next: AfterAttempt): void {
  engine.log.info('delivery.attempted', {
    delivery_id: delivery.deliveryId,
    run_id: delivery.runId,
    connector_id: delivery.connectorId,
    attempt: delivery.attempts.length + 1,
    status: next.status,
    status_code: attempt.statusCode,
    error: attempt.error,
    duration_ms: attempt.durationMs,
    next_attempt_at: next.nextAttemptAt === null ? null : new Date(next.nextAttemptAt).toISOString(),
  });
}

/**
 * Records on the connector since when all attempts fail, and disables it if its receiver is gone or has failed for too
 * long. Attempts end concurrently, so each one checks what the others have stored: the connector is disabled only once.
 */
async function noteHealth(engine: Engine, attempted: Connector, sent: Sent, now: number): Promise<void> {
  if (healthChange(attempted, sent, now) === null) return;
  // Must precede recording the recovery: if the process stops here, the next success tries again.
  if (sent.outcome === 'delivered' && !(await hurryWaiting(engine, attempted))) return;
  const noted = await updateConnector(
    engine,
    attempted.id,
    (stored) => healthChange(stored, sent, now) ?? refuse('noted-already', 'Another attempt has noted it.'),
  );
  if (noted.outcome === 'refused') return;
  const { connector } = noted;
  const about = { connector_id: connector.id };
  const reason = connector.disabledReason;
  if (reason !== null) {
    await noteEvent(engine, attempted.id, 'connector.disabled', { key: reason, timeMs: now }, reason);
    await recordAction(engine, 'system', 'connector.disabled', attempted.id, reason);
    const summary = `"${connector.name}" was disabled: ${reason}`;
    await notifySubscribers(engine, { type: 'connector.disabled', summary, about });
  } else if (connector.failingSince === now && sent.outcome !== 'delivered') {
    const summary = `Deliveries of "${connector.name}" fail: ${failureOf(sent)}`;
    await notifySubscribers(engine, { type: 'connector.failing', summary, about });
  }
}

function failureOf(sent: Exclude<Sent, { outcome: 'delivered' }>): string {
  return sent.outcome === 'gone' ? sent.reason : sent.error;
}

function healthChange(connector: Connector, sent: Sent, now: number): ConnectorChange | null {
  if (!connector.enabled) return null;
  if (sent.outcome === 'delivered') {
    return connector.failingSince === null ? null : { failingSince: null, failureTally: null };
  }
  const failureTally = tallyFailure(connector.failureTally, failureOf(sent), now);
  const failing = { failingSince: connector.failingSince ?? now, failureTally };
  if (sent.outcome === 'gone') {
    return { ...failing, ...disable(connector, now, sent.reason) };
  }
  if (failureTally.failedMs >= disableAfterFailingMs) {
    return { ...failing, ...disable(connector, now, 'All deliveries failed for 5 days.') };
  }
  return failureTally === connector.failureTally ? null : failing;
}
