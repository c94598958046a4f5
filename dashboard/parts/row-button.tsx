import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { OperatorsOnly } from '../session/operators-only.tsx';

export interface RowButtonProps {
  /** An accessible name that includes the row, if the text alone is ambiguous. */
  readonly label?: string;
  readonly isPending?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** An operator's action on a table row. */
export function RowButton({ label, isPending = false, onClick, children }: RowButtonProps) {
  return (
    <OperatorsOnly>
      <Button
        variant="default"
        size="compact-xs"
        {...(label !== undefined && { 'aria-label': label })}
        loading={isPending}
        onClick={onClick}
      >
        {children}
      </Button>
    </OperatorsOnly>
  );
}
