import type { ReactNode } from 'react';
import { useIsOperator } from './session.ts';

export interface OperatorsOnlyProps {
  readonly children: ReactNode;
  /** What a viewer sees in its place. */
  readonly otherwise?: ReactNode;
}

/** Shows to operators what the API would refuse to a viewer. */
export function OperatorsOnly({ children, otherwise = null }: OperatorsOnlyProps) {
  return useIsOperator() ? children : otherwise;
}
