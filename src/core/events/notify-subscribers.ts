import { messageOf } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { type EventDraft, eventDeliveries } from './event-deliveries.ts';
import { eventLink } from './operational-event.ts';

/**
 * Stores a delivery of an event for each subscriber. Never throws: what the event reports has happened in any case. If
 * the store is unavailable, the event is only logged.
 */
export async function notifySubscribers(engine: Engine, draft: Omit<EventDraft, 'at'>): Promise<void> {
  try {
    const subscribers = await engine.connectors.linkedTo(eventLink(draft.type));
    if (subscribers.length === 0) return;
    const now = engine.clock();
    const deliveries = eventDeliveries({ ...draft, at: now }, subscribers, now);
    if (deliveries.length > 0) await engine.deliveries.add(deliveries);
  } catch (thrown) {
    engine.log.warn('event.not-sent', { type: draft.type, reason: messageOf(thrown) });
  }
}
