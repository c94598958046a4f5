import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type {
  ChangeConnectorBody,
  ChangedConnector,
  ConnectorSecret,
  ConnectorTest,
  CreateConnectorBody,
  CreatedConnector,
  TriedFilter,
  TryDraftFilterBody,
  TryFilterBody,
  WireConnector,
} from '../../src/api/contract/connector.ts';
import type { WirePage } from '../../src/api/contract/page.ts';
import { everyPage } from './every-page.ts';
import { request } from './request.ts';

const pathOf = (id: string) => `/connectors/${encodeURIComponent(id)}`;

/** All connectors, newest first. */
export function useConnectors() {
  return useQuery({
    queryKey: ['connectors'],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        request<WirePage<WireConnector>>('/connectors', { query: { limit: 100, cursor }, signal }),
      ),
  });
}

/** Names connectors by their ids. Which ones are deleted is known only when the list of them has come. */
export function useConnectorNames(): (id: string) => { readonly name: string; readonly isDeleted: boolean } {
  const { data } = useConnectors();
  const names = useMemo(() => new Map(data?.map(({ id, name }) => [id, name])), [data]);
  return (id) => {
    const name = names.get(id);
    if (name !== undefined) return { name, isDeleted: false };
    return data === undefined
      ? { name: '…', isDeleted: false }
      : { name: 'a deleted connector', isDeleted: true };
  };
}

/** A connector without its secret. */
export function useConnector(id: string) {
  return useQuery({
    queryKey: ['connectors', id],
    queryFn: ({ signal }) => request<WireConnector>(pathOf(id), { signal }),
  });
}

/** Creates a connector. Only this answer contains its secret unasked. */
export function useCreateConnector() {
  const refresh = useRefreshConnectors();
  return useMutation({
    mutationFn: (body: CreateConnectorBody) =>
      request<CreatedConnector>('/connectors', { method: 'POST', body }),
    onSuccess: refresh,
  });
}

/** Changes a connector's name, configuration, or links, or enables or disables it. */
export function useChangeConnector(id: string) {
  const refresh = useRefreshConnectors();
  return useMutation({
    mutationFn: (body: ChangeConnectorBody) =>
      request<ChangedConnector>(pathOf(id), { method: 'PATCH', body }),
    onSuccess: refresh,
  });
}

export function useDeleteConnector(id: string) {
  const refresh = useRefreshConnectors();
  return useMutation({
    mutationFn: () => request<void>(pathOf(id), { method: 'DELETE' }),
    onSuccess: refresh,
  });
}

/** Links an agent (`linked: true`) or unlinks it. */
export function useSetLink() {
  const refresh = useRefreshConnectors();
  return useMutation({
    mutationFn: ({ id, agent, linked }: { id: string; agent: string; linked: boolean }) =>
      request<WireConnector>(`${pathOf(id)}/agents/${encodeURIComponent(agent)}`, {
        method: linked ? 'PUT' : 'DELETE',
      }),
    onSuccess: refresh,
  });
}

/** Conditions to try out, with any JSON as the payload. */
type FilterTrial = Omit<TryFilterBody & TryDraftFilterBody, 'payload' | 'mode'> & {
  readonly mode?: TryDraftFilterBody['mode'];
  readonly payload?: unknown;
};

/**
 * What conditions decide. The previous answer stays until the next one arrives.
 *
 * @param path of the connector, or of its type for one that is not created yet
 */
export function useTryFilter(path: string, body: FilterTrial, isEnabled: boolean) {
  return useQuery({
    queryKey: ['try-filter', path, body],
    queryFn: ({ signal }) => request<TriedFilter>(`${path}/try-filter`, { method: 'POST', body, signal }),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

/** Fetches the secret; the audit log records every call. */
export function fetchSecret(id: string): Promise<ConnectorSecret> {
  return request<ConnectorSecret>(`${pathOf(id)}/secret`);
}

/** Creates a new secret; the old one stays valid for `graceSeconds`. */
export function rotateSecret(id: string, graceSeconds: number): Promise<ConnectorSecret> {
  const body = { grace_seconds: graceSeconds };
  return request<ConnectorSecret>(`${pathOf(id)}/rotate-secret`, { method: 'POST', body });
}

/** Tests a connector as saved: connects, or sends a sample result. */
export function testConnector(id: string, kind: ConnectorTest['tested']): Promise<ConnectorTest> {
  return request<ConnectorTest>(`${pathOf(id)}/test`, { method: 'POST', body: { kind } });
}

/** Refreshes connectors, the agents that show them, and their held deliveries. */
function useRefreshConnectors(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const keys = [['connectors'], ['connections'], ['agents'], ['audit-log'], ['deliveries']];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}
