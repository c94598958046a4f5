import { RetryableError } from '../errors.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse, triggerNotFound } from '../refusal.ts';
import { checkInput } from './check-input.ts';
import { makeRun } from './dispatch-trigger.ts';
import { linkedAgents } from './receive-trigger.ts';
import type { StoredTrigger } from './trigger.ts';

export type SendThroughOutcome =
  | { readonly outcome: 'sent'; readonly runIds: readonly string[] }
  | Refusal<
      | 'trigger-not-found'
      | 'payload-unreadable'
      | 'not-filtered'
      | 'already-sent'
      | 'connector-deleted'
      | 'no-linked-agents'
      | 'input-invalid'
    >;

/**
 * Starts the runs that a filter has kept a trigger from, once: of the agents that it was for, if they are still linked.
 *
 * @throws RetryableError when the store is unavailable or over capacity; nothing was started then
 */
export async function sendThrough(
  engine: Engine,
  actor: string,
  triggerId: string,
): Promise<SendThroughOutcome> {
  const found = await findFiltered(engine, triggerId);
  if ('outcome' in found) return found;
  const { trigger, names } = found;
  const connector = await engine.connectors.get(trigger.connectorId ?? '');
  if (connector === null) {
    return refuse('connector-deleted', 'The connector of this trigger was deleted: nothing is linked to it.');
  }
  const agents = linkedAgents(engine, connector).filter(({ name }) => names.includes(name));
  if (agents.length === 0) {
    const detail = `No agent that the trigger was for is linked any more: ${names.join(', ')}. Link one again.`;
    return refuse('no-linked-agents', detail);
  }
  const invalid = await checkInput(engine, agents, trigger.payload);
  if (invalid !== null) return refuse('input-invalid', invalid.detail);
  const now = engine.clock();
  // A hold holds them when they are to be executed.
  const given = { natural: null, isQueued: false };
  const runs = agents.map((agent) => makeRun(engine, { ...trigger, receivedAt: now }, agent, given));
  const sent = await engine.runs.sendThrough(triggerId, runs, now);
  if (sent.outcome === 'not-filtered') return alreadySent;
  if (sent.outcome === 'overloaded') {
    const { retryAfterSeconds } = sent;
    throw new RetryableError('Too many runs are queued. Try again later.', { retryAfterSeconds });
  }
  await engine.signals.announceQueued(runs);
  const detail = `Sent a filtered event through to ${agents.map(({ name }) => name).join(', ')}.`;
  await recordAction(engine, actor, 'trigger.sent-through', triggerId, detail);
  return { outcome: 'sent', runIds: runs.map(({ runId }) => runId) };
}

const alreadySent = refuse('already-sent', 'The trigger was sent through before. Its runs can be run again.');

/** The trigger, and the names of the agents that did not want it. */
async function findFiltered(
  engine: Engine,
  triggerId: string,
): Promise<
  | { readonly trigger: StoredTrigger; readonly names: readonly string[] }
  | Exclude<SendThroughOutcome, { outcome: 'sent' }>
> {
  const [trigger, record] = await Promise.all([
    engine.runs.getTrigger(triggerId),
    engine.runs.findTrigger(triggerId),
  ]);
  if (record === null) return refusedOrMissing(engine, triggerId);
  if (record.filtered === undefined) {
    return refuse(
      'not-filtered',
      'The trigger was not filtered: its runs were started. Run one of them again.',
    );
  }
  if (record.filtered.sentAt !== null) return alreadySent;
  if (trigger === null) {
    return refuse(
      'payload-unreadable',
      'The payload of the trigger is no longer stored. Nothing was started.',
    );
  }
  return { trigger, names: record.filtered.agents };
}

async function refusedOrMissing(
  engine: Engine,
  triggerId: string,
): Promise<Refusal<'not-filtered' | 'trigger-not-found'>> {
  const request = await engine.refusedRequests.find(triggerId);
  if (request === null) return triggerNotFound(triggerId);
  return refuse(
    'not-filtered',
    'The request was refused, and its body is not stored. Its sender can send it again.',
  );
}
