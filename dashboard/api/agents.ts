import { useMutation, useQuery } from '@tanstack/react-query';
import type { AgentList, WireAgent } from '../../src/api/contract/agent.ts';
import type { StartedRun } from '../../src/api/contract/run.ts';
import { request } from './request.ts';

/** All agents of the project, and the project's errors. */
export function useAgents() {
  return useQuery({
    queryKey: ['agents'],
    queryFn: ({ signal }) => request<AgentList>('/agents', { signal }),
  });
}

/** An agent with its connectors and its numbers of the last day. */
export function useAgent(name: string) {
  return useQuery({
    queryKey: ['agents', name],
    queryFn: ({ signal }) => request<WireAgent>(`/agents/${encodeURIComponent(name)}`, { signal }),
  });
}

/** Starts a run by hand, at a time (ISO 8601) or now, and returns its ID. */
export function useStartRun(agentName: string, at: string) {
  return useMutation({
    mutationFn: (payload: unknown) =>
      request<StartedRun>(`/agents/${encodeURIComponent(agentName)}/runs`, {
        method: 'POST',
        body: { payload, ...(at === '' ? {} : { at }) },
      }),
  });
}
