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

/** The description of a connector's mode; `undefined` while it loads, or if the type no longer exists. */
export function useMode({ type, mode }: WireConnector): WireModeDescription | undefined {
  const types = useConnectorTypes();
  const modes = types.data?.find(({ name }) => name === type)?.modes;
  return modes?.find((described) => described.mode === mode);
}

/** The server's check of a draft configuration. The previous answer stays until the next one arrives. */
export function useCheck(type: string, { mode, config, connection }: CheckConnectorBody, isEnabled: boolean) {
  return useQuery({
    queryKey: ['check', type, mode, config, connection],
    queryFn: ({ signal }) =>
      request<CheckedConnector>(`/connector-types/${type}/check`, {
        method: 'POST',
        body: { mode, config, connection },
        signal,
      }),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    // The answer may contain typed secrets.
    gcTime: 0,
  });
}

/** Tests a draft configuration: connects, or sends a sample result. */
export function testDraft(type: string, body: CheckConnectorBody): Promise<DraftTest> {
  return request<DraftTest>(`/connector-types/${type}/test`, { method: 'POST', body });
}
