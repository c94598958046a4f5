import type { ReactNode } from 'react';
import { useCaller } from './session.ts';

/** Shows to operators what the API would refuse to a viewer. */
export function OperatorsOnly({ children }: { children: ReactNode }) {
  return useCaller()?.role === 'operator' ? children : null;
}
