import type { ReactNode } from 'react';
import { useIsOperator } from './session.ts';

export interface OperatorsOnlyProps {
  readonly children: ReactNode;
  /** What viewers see instead. */
  readonly otherwise?: ReactNode;
}

/** Shows content only to operators, because the API would refuse viewers. */
export function OperatorsOnly({ children, otherwise = null }: OperatorsOnlyProps) {
  return useIsOperator() ? children : otherwise;
}
