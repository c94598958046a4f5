import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { OperatorsOnly } from '../session/operators-only.tsx';

export interface RowButtonProps {
  /** An accessible name that includes the row, if the text alone is ambiguous. */
  readonly label?: string;
  readonly isPending?: boolean;
  /** Default: small enough for a row. */
  readonly size?: 'compact-xs' | 'xs';
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** An operator's action on a table row, or on its own page. */
export function RowButton({
  label,
  isPending = false,
  size = 'compact-xs',
  onClick,
  children,
}: RowButtonProps) {
  return (
    <OperatorsOnly>
      <Button
        variant="default"
        size={size}
        {...(label !== undefined && { 'aria-label': label })}
        loading={isPending}
        onClick={onClick}
      >
        {children}
      </Button>
    </OperatorsOnly>
  );
}
