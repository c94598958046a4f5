import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { OperatorsOnly } from '../session/operators-only.tsx';

export interface RowButtonProps {
  /** Says more than the text where the row's name is needed. */
  readonly label?: string;
  readonly isPending?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** What an operator does to a row of a table. */
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
