import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ChangeConnectionBody,
  ConnectionTest,
  CreateConnectionBody,
  WireConnection,
  WireConnectionType,
} from '../../src/api/contract/connection.ts';
import type { WirePage } from '../../src/api/contract/page.ts';
import { everyPage } from './every-page.ts';
import { request } from './request.ts';

const pathOf = (id: string) => `/connections/${encodeURIComponent(id)}`;

/** Types of connections. They change only with the product, so they are read once. */
export function useConnectionTypes() {
  return useQuery({
    queryKey: ['connection-types'],
    queryFn: async ({ signal }) => {
      const { items } = await request<{ items: WireConnectionType[] }>('/connection-types', { signal });
      return items;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** All connections, newest first. */
export function useConnections() {
  return useQuery({
    queryKey: ['connections'],
    queryFn: ({ signal }) =>
      everyPage((cursor) =>
        request<WirePage<WireConnection>>('/connections', { query: { limit: 100, cursor }, signal }),
      ),
  });
}

/** A connection without its secrets. */
export function useConnection(id: string) {
  return useQuery({
    queryKey: ['connections', id],
    queryFn: ({ signal }) => request<WireConnection>(pathOf(id), { signal }),
  });
}

export function useCreateConnection() {
  const refresh = useRefreshConnections();
  return useMutation({
    mutationFn: (body: CreateConnectionBody) =>
      request<WireConnection>('/connections', { method: 'POST', body }),
    onSuccess: refresh,
    // The body contains typed secrets.
    gcTime: 0,
  });
}

/** Changes a connection and all its connectors. */
export function useChangeConnection(id: string) {
  const refresh = useRefreshConnections();
  return useMutation({
    mutationFn: (body: ChangeConnectionBody) =>
      request<WireConnection>(pathOf(id), { method: 'PATCH', body }),
    onSuccess: refresh,
    // The body contains typed secrets.
    gcTime: 0,
  });
}

export function useDeleteConnection(id: string) {
  const refresh = useRefreshConnections();
  return useMutation({
    mutationFn: () => request<void>(pathOf(id), { method: 'DELETE' }),
    onSuccess: refresh,
  });
}

/** Tests a connection as saved. */
export function testConnection(id: string): Promise<ConnectionTest> {
  return request<ConnectionTest>(`${pathOf(id)}/test`, { method: 'POST' });
}

/** Tests credentials before they are stored. */
export function testConnectionDraft(type: string, config: WireConnection['config']): Promise<ConnectionTest> {
  return request<ConnectionTest>(`/connection-types/${type}/test`, { method: 'POST', body: { config } });
}

/** Refreshes connections, the connectors that use them, and the audit log. */
function useRefreshConnections(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const keys = [['connections'], ['connectors'], ['agents'], ['audit-log']];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}
