import { useMutation, useQuery } from '@tanstack/react-query';
import type {
  NextRuns,
  WireConnectorEvent,
  WireSourceState,
} from '../../src/api/contract/connector-source.ts';
import { usePagedList } from './paged-list.ts';
import { ApiFailure, request } from './request.ts';

/** How often to poll a source's state, because no event reports its lag. */
const stateEveryMs = 5_000;

const pathOf = (id: string) => `/connectors/${encodeURIComponent(id)}`;

/** Whether a connector's event source is connected, and how far it lags behind. */
export function useSourceState(id: string) {
  return useQuery({
    queryKey: ['connectors', id, 'state'],
    queryFn: ({ signal }) => request<WireSourceState>(`${pathOf(id)}/state`, { signal }),
    refetchInterval: stateEveryMs,
  });
}

/** The next ticks of a connector's schedule; `null` if it has none. */
export function useNextRuns(id: string) {
  return useQuery({
    queryKey: ['connectors', id, 'next-runs'],
    queryFn: ({ signal }) => request<NextRuns>(`${pathOf(id)}/next-runs`, { signal }).catch(noSchedule),
    refetchInterval: ({ state }) => untilNextTickMs(state.data ?? null),
  });
}

/** Time until the first tick leaves the list; `false` if there are no ticks. */
function untilNextTickMs(next: NextRuns | null): number | false {
  const [first] = next?.items ?? [];
  return first === undefined ? false : Math.max(1_000, Date.parse(first.at) - Date.now() + 500);
}

function noSchedule(thrown: unknown): null {
  if (thrown instanceof ApiFailure && thrown.code === 'no-schedule') return null;
  throw thrown;
}

/** Fires a schedule now and returns the IDs of the runs. */
export function useRunNow(id: string) {
  return useMutation({
    mutationFn: () => request<{ run_ids: string[] }>(`${pathOf(id)}/run-now`, { method: 'POST' }),
  });
}

/** What happened to a connector, other than events and deliveries: missed ticks, failures, why the system disabled it. */
export function useConnectorHistory(id: string) {
  return usePagedList<WireConnectorEvent>(['connectors', id, 'history'], `${pathOf(id)}/history`, {});
}
