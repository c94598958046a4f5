import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { DraftTest, WireConnector } from '../../src/api/contract/connector.ts';
import type {
  CheckConnectorBody,
  CheckedConnector,
  WireConnectorType,
  WireModeDescription,
} from '../../src/api/contract/connector-type.ts';
import { request } from './request.ts';

/** The marketplace. It changes only with the product, so it is read once. */
export function useConnectorTypes() {
  return useQuery({
    queryKey: ['connector-types'],
    queryFn: async ({ signal }) => {
      const { items } = await request<{ items: WireConnectorType[] }>('/connector-types', { signal });
      return items;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What a connector's type says of its mode; `undefined` while that is loaded, and where the type is gone. */
export function useMode({ type, mode }: WireConnector): WireModeDescription | undefined {
  const types = useConnectorTypes();
  const modes = types.data?.find(({ name }) => name === type)?.modes;
  return modes?.find((described) => described.mode === mode);
}

/** What the server says of a configuration that no connector has yet; the answer before stays until the next comes. */
export function useCheck(type: string, { mode, config }: CheckConnectorBody, isEnabled: boolean) {
  return useQuery({
    queryKey: ['check', type, mode, config],
    queryFn: ({ signal }) =>
      request<CheckedConnector>(`/connector-types/${type}/check`, {
        method: 'POST',
        body: { mode, config },
        signal,
      }),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    // It may hold secrets that were typed.
    gcTime: 0,
  });
}

/** Tries a configuration out that no connector has yet: connects, or sends one made-up result. */
export function testDraft(type: string, body: CheckConnectorBody): Promise<DraftTest> {
  return request<DraftTest>(`/connector-types/${type}/test`, { method: 'POST', body });
}
