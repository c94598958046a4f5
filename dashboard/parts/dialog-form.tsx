import { Button, Group } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Notice } from './notice.tsx';

export interface DialogFormProps {
  /** Of the submit button. */
  readonly label: string;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly onSubmit: () => void;
  /** The inputs. */
  readonly children: ReactNode;
}

/** The form of a dialog, with one button, and the reason if the server refuses it. */
export function DialogForm({ label, error, isPending, onSubmit, children }: DialogFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate>
      {error !== null && <Notice tone="bad" title={error.message} />}
      {children}
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={isPending}>
          {label}
        </Button>
      </Group>
    </form>
  );
}
