import * as z from 'zod';
import { eventLink, operationalEventTypes } from '../events/operational-event.ts';
import type { Connector } from './connector.ts';

const subscription = z.object({ events: z.array(z.enum(operationalEventTypes)) });

/** The names under which a connector is found: its agents, and the events to which it subscribes. */
export function linkNames({ agents, mode, config }: Connector): readonly string[] {
  const { events = [] } = mode === 'outbound' ? (subscription.safeParse(config).data ?? {}) : {};
  return events.length === 0 ? agents : [...agents, ...new Set(events.map(eventLink))];
}
