import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ChangePauseBody, WireDeployment } from '../../src/api/contract/pause.ts';
import { request } from './request.ts';

/** Others may pause the deployment; a page that stays open finds out. */
const askEveryMs = 15_000;

/** The pause of the whole deployment. */
export function useDeployment() {
  return useQuery({
    queryKey: ['deployment'],
    queryFn: ({ signal }) => request<WireDeployment>('/deployment', { signal }),
    refetchInterval: askEveryMs,
  });
}

/**
 * Pauses or resumes something.
 *
 * @param path of the connector, the agent, or the deployment in the API
 */
export function useChangePause(path: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ChangePauseBody) => request<WireDeployment>(path, { method: 'PATCH', body }),
    onSuccess: async () => {
      const keys = [['deployment'], ['connectors'], ['agents'], ['audit-log'], ['runs'], ['deliveries']];
      await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}
