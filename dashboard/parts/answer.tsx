import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from './loading.tsx';
import { Problem } from './problem.tsx';

export interface AnswerProps<Data> {
  readonly of: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
  /** Rows to hold the place of. */
  readonly rows?: number;
}

/** Shows what was read; before, that it is on its way; where it failed, why. */
export function Answer<Data>({ of: query, children, rows }: AnswerProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <Problem error={query.error} onRetry={() => query.refetch()} />;
  return <Loading {...(rows !== undefined && { rows })} />;
}
