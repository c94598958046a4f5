import { Button, Fieldset, Group, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { FormEvent, ReactNode } from 'react';
import { useIsOperator } from '../session/session.ts';
import type { ConfigProblems } from './check-config.ts';
import { ConfigForm } from './config-form.tsx';
import type { Field, Json } from './field.ts';
import { FormProblems } from './form-problems.tsx';
import { problemAt, serverProblems } from './server-problems.ts';

export interface EditFormProps {
  readonly fields: readonly Field[];
  readonly name: string;
  readonly config: Json;
  /** What is wrong with what is typed; nothing of it can be saved. */
  readonly typed: ConfigProblems;
  /** What the server finds in it meanwhile. */
  readonly found?: ConfigProblems;
  readonly isChanged: boolean;
  readonly change: { readonly error: Error | null; readonly isPending: boolean };
  readonly saveLabel?: string;
  readonly onType: (part: { readonly name?: string; readonly config?: Json }) => void;
  readonly onUndo: () => void;
  /** Resolves when the server has stored it. By then, the form may be gone: another one shows what is new. */
  readonly onSave: () => Promise<void>;
  /** Inputs between the name and the configuration. */
  readonly children?: ReactNode;
  /** What a change would do, between the inputs and the buttons. */
  readonly preview?: ReactNode;
}

/** Name and configuration of something that exists, read-only for viewers. */
export function EditForm(props: EditFormProps) {
  const { fields, name, config, typed, found = {}, isChanged, change, saveLabel = 'Save changes' } = props;
  const isOperator = useIsOperator();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await props.onSave();
    } catch {
      // The form shows it: `change.error`.
      return;
    }
    notifications.show({ message: 'Saved', color: 'green', autoClose: 2_000 });
  };
  return (
    <form onSubmit={submit} noValidate>
      {change.error !== null && <FormProblems error={change.error} fields={fields} />}
      <Fieldset variant="unstyled" disabled={!isOperator}>
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => props.onType({ name: event.currentTarget.value })}
          error={name.trim() === '' ? 'Required.' : problemAt(change.error, 'name', 'Name')}
          mb="md"
        />
        {props.children}
        <ConfigForm
          fields={fields}
          config={config}
          problems={{ ...serverProblems(change.error, fields), ...found, ...typed }}
          onChange={(changed) => props.onType({ config: changed })}
        />
      </Fieldset>
      {props.preview}
      {isOperator && (
        <Group justify="flex-end" gap="xs">
          {isChanged && (
            <Button variant="subtle" onClick={props.onUndo}>
              Undo
            </Button>
          )}
          <Button
            type="submit"
            loading={change.isPending}
            disabled={!isChanged || name.trim() === '' || Object.keys(typed).length > 0}
          >
            {saveLabel}
          </Button>
        </Group>
      )}
    </form>
  );
}
