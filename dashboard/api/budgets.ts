import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ChangeBudgetBody, CreateBudgetBody, WireBudget } from '../../src/api/contract/budget.ts';
import { request } from './request.ts';

/** How often the page of the budgets asks what is used, in ms. */
const refreshMs = 5_000;

/**
 * All budgets with their usage.
 *
 * @param everyMs how often to ask
 */
export function useBudgets(everyMs = refreshMs) {
  return useQuery({
    queryKey: ['budgets'],
    queryFn: () => request<{ readonly items: readonly WireBudget[] }>('/budgets'),
    refetchInterval: everyMs,
  });
}

export function useCreateBudget() {
  const refresh = useRefreshBudgets();
  return useMutation({
    mutationFn: (body: CreateBudgetBody) => request<WireBudget>('/budgets', { method: 'POST', body }),
    onSuccess: refresh,
  });
}

export function useChangeBudget(id: string) {
  const refresh = useRefreshBudgets();
  return useMutation({
    mutationFn: (body: ChangeBudgetBody) =>
      request<WireBudget>(`/budgets/${encodeURIComponent(id)}`, { method: 'PATCH', body }),
    onSuccess: refresh,
  });
}

export function useDeleteBudget(id: string) {
  const refresh = useRefreshBudgets();
  return useMutation({
    mutationFn: () => request<void>(`/budgets/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });
}

/** Refreshes the budgets, what needs attention because of them, and the audit log. */
function useRefreshBudgets(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const keys = [['budgets'], ['connectors', 'attention'], ['audit-log']];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}
