import { useQuery } from '@tanstack/react-query';
import type { WireDelivery } from '../../src/api/contract/delivery.ts';
import type { WireRun } from '../../src/api/contract/run.ts';
import type { WireTrigger } from '../../src/api/contract/trigger.ts';
import { useAgents } from '../api/agents.ts';
import { useConnectors } from '../api/connectors.ts';
import { ApiFailure, request } from '../api/request.ts';
import { innerPlaces, places } from '../shell/places.ts';

export interface Destination {
  readonly kind: string;
  readonly title: string;
  readonly path: string;
}

const mostShown = 30;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where a text can lead: pages, agents, and connectors whose names contain it, and the object with that ID. */
export function useDestinations(text: string): {
  readonly destinations: readonly Destination[];
  readonly isLooking: boolean;
} {
  const agents = useAgents();
  const connectors = useConnectors();
  const typed = text.trim();
  const ofId = useIdDestinations(uuid.test(typed) ? typed.toLowerCase() : null);
  const named: Destination[] = [
    ...[...places, ...innerPlaces].map(({ title, path }) => ({ kind: 'Page', title, path })),
    ...(agents.data?.items ?? []).map(({ name }) => ({
      kind: 'Agent',
      title: name,
      path: `/agents/${name}`,
    })),
    ...(connectors.data ?? []).map(({ id, name }) => ({
      kind: 'Connector',
      title: name,
      path: `/connectors/${id}`,
    })),
  ];
  const matching = named.filter(({ title, path }) => matches(`${title} ${path}`, typed));
  const search = typed === '' ? [] : [searchFor(typed)];
  return {
    destinations: [...(ofId.data ?? []), ...matching.slice(0, mostShown), ...search],
    isLooking: ofId.isFetching,
  };
}

function matches(text: string, typed: string): boolean {
  const lower = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

function searchFor(typed: string): Destination {
  return { kind: 'Search', title: `Runs with "${typed}"`, path: `/runs?q=${encodeURIComponent(typed)}` };
}

/** The objects with an ID; `null` looks nothing up. */
function useIdDestinations(id: string | null) {
  return useQuery({
    queryKey: ['palette', id],
    enabled: id !== null,
    queryFn: async ({ signal }): Promise<Destination[]> => {
      const find = <Found>(path: string) => request<Found>(`${path}/${id}`, { signal }).catch(orNothing);
      const [run, delivery, trigger] = await Promise.all([
        find<WireRun>('/runs'),
        find<WireDelivery>('/deliveries'),
        find<WireTrigger>('/triggers'),
      ]);
      return [
        ...(run === null
          ? []
          : [{ kind: 'Run', title: `${run.agent_name}, ${run.status}`, path: `/runs/${id}` }]),
        ...(delivery === null
          ? []
          : [
              {
                kind: 'Delivery',
                title: `${delivery.agent_name}, ${delivery.status}`,
                path: `/deliveries/${id}`,
              },
            ]),
        ...(trigger === null
          ? []
          : [{ kind: 'Trigger', title: resultText(trigger), path: `/triggers/${id}` }]),
      ];
    },
  });
}

function resultText({ outcome, runs }: WireTrigger): string {
  if (outcome !== 'accepted' && runs.length === 0) return outcome;
  return runs.length === 1 ? 'started 1 run' : `started ${runs.length} runs`;
}

function orNothing(thrown: unknown): null {
  if (thrown instanceof ApiFailure && thrown.status === 404) return null;
  throw thrown;
}
