import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from './loading.tsx';
import { Problem } from './problem.tsx';

export interface AnswerProps<Data> {
  readonly of: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
  /** How many rows the loading placeholder has. */
  readonly rows?: number;
}

/** Shows a query's data, its loading state, or its error. */
export function Answer<Data>({ of: query, children, rows }: AnswerProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <Problem error={query.error} onRetry={() => query.refetch()} />;
  return <Loading {...(rows !== undefined && { rows })} />;
}
