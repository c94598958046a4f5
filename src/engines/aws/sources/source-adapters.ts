import type { AwsClients } from '../clients.ts';
import type { SourceParts } from './follow-source.ts';
import { type SchedulePlaces, schedules } from './schedules.ts';

/** Where in the account the sources of a deployment's connectors are made. */
export interface SourcePlaces {
  readonly schedules: SchedulePlaces;
}

/** The adapters that make and remove sources. Nothing is called before the first use. */
export function sourceAdapters(
  clients: AwsClients,
  places: SourcePlaces,
): Pick<SourceParts, 'schedules' | 'streams'> {
  return { schedules: schedules(clients.scheduler, places.schedules), streams: noStreams };
}

const noStreams: SourceParts['streams'] = {
  follow: async () => {},
  state: async () => ({ status: 'stopped', since: null, lastError: null, nextEventAt: null, positions: [] }),
};
