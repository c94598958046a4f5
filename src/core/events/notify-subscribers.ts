import { messageOf } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { type EventDraft, eventDeliveries } from './event-deliveries.ts';
import { eventLink } from './operational-event.ts';

type Notice = Omit<EventDraft, 'at' | 'summary'> & {
  /** A function is called only if there are subscribers. */
  readonly summary: string | (() => Promise<string>);
};

/**
 * Stores a delivery of an event for each subscriber. Never throws: what the event reports has happened in any case. If
 * the store is unavailable, the event is only logged.
 */
export async function notifySubscribers(engine: Engine, notice: Notice): Promise<void> {
  try {
    const subscribers = await engine.connectors.linkedTo(eventLink(notice.type));
    if (subscribers.length === 0) return;
    const { summary } = notice;
    const text = typeof summary === 'string' ? summary : await summary();
    const now = engine.clock();
    const deliveries = eventDeliveries({ ...notice, summary: text, at: now }, subscribers, now);
    if (deliveries.length > 0) await engine.deliveries.add(deliveries);
  } catch (thrown) {
    engine.log.warn('event.not-sent', { type: notice.type, reason: messageOf(thrown) });
  }
}
