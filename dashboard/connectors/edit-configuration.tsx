import { Button, Fieldset, Group, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useMemo } from 'react';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useChangeConnector } from '../api/connectors.ts';
import { applicableConfig, applicableFields } from '../forms/applicable.ts';
import { ConfigForm } from '../forms/config-form.tsx';
import type { Field } from '../forms/field.ts';
import { FormProblems } from '../forms/form-problems.tsx';
import { fieldsOf } from '../forms/read-schema.ts';
import { problemAt, serverProblems } from '../forms/server-problems.ts';
import { useConfigCheck } from '../forms/use-config-check.ts';
import { useFormDraft, withoutSecrets } from '../forms/use-form-draft.ts';
import { clearDraft } from '../parts/use-draft.ts';
import { useIsOperator } from '../session/session.ts';
import { ScheduleTicks } from './schedule-ticks.tsx';

export interface EditConfigurationProps {
  readonly connector: WireConnector;
  readonly mode: WireModeDescription;
}

/**
 * The connector's name and settings, read-only for viewers. Secret fields are shown empty and keep their values unless
 * retyped.
 */
export function EditConfiguration({ connector, mode }: EditConfigurationProps) {
  const fields = useMemo(() => fieldsOf(mode.config_schema), [mode]);
  const [draft, changeDraft, forget] = useFormDraft(
    `edit ${connector.id}`,
    { name: connector.name, agents: [], config: connector.config },
    fields,
  );
  const { config } = draft;
  const name = draft.name ?? connector.name;
  const change = useChangeConnector(connector.id);
  const needed = fields.map((field) => withKeptSecret(field, connector));
  const isOperator = useIsOperator();
  const isCheckable = isOperator && connector.secret_fields.length === 0;
  const applied = useMemo(() => applicableConfig(fields, config), [fields, config]);
  const { typed, found, schedule } = useConfigCheck(connector.type, mode.mode, needed, applied, isCheckable);
  const isChanged = name !== connector.name || JSON.stringify(config) !== JSON.stringify(connector.config);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      {
        ...(name === connector.name ? {} : { name }),
        config: changedFields(connector, { ...unsetFields(connector, fields, config), ...applied }),
      },
      {
        onSuccess: () => {
          changeDraft({ config: withoutSecrets(config, fields) });
          clearDraft(`edit ${connector.id}`);
          notifications.show({ message: 'Saved', color: 'green', autoClose: 2_000 });
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      {change.error !== null && <FormProblems error={change.error} fields={fields} />}
      <Fieldset variant="unstyled" disabled={!isOperator}>
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => changeDraft({ name: event.currentTarget.value })}
          error={name.trim() === '' ? 'Required.' : problemAt(change.error, 'name', 'Name')}
          mb="md"
        />
        <ConfigForm
          fields={needed}
          config={config}
          problems={{ ...serverProblems(change.error, fields), ...found, ...typed }}
          onChange={(changed) => changeDraft({ config: changed })}
        />
      </Fieldset>
      {isChanged && schedule !== null && <ScheduleTicks next={schedule} />}
      {isOperator && (
        <Group justify="flex-end" gap="xs">
          {isChanged && (
            <Button variant="subtle" onClick={forget}>
              Undo
            </Button>
          )}
          <Button
            type="submit"
            loading={change.isPending}
            disabled={!isChanged || name.trim() === '' || Object.keys(typed).length > 0}
          >
            Save changes
          </Button>
        </Group>
      )}
    </form>
  );
}

/** Without what the connector already has: somebody else may change that meanwhile. */
function changedFields({ config }: WireConnector, wanted: WireConnector['config']): WireConnector['config'] {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(config[name])),
  );
}

/** Back to their defaults: what the connector has and what no longer applies. */
function unsetFields(connector: WireConnector, fields: readonly Field[], config: WireConnector['config']) {
  const applicable = new Set(applicableFields(fields, config).map(({ name }) => name));
  const kept = [...Object.keys(connector.config), ...connector.secret_fields];
  return Object.fromEntries(kept.filter((name) => !applicable.has(name)).map((name) => [name, null]));
}

/** Marks a stored secret as optional and explains how to keep it. */
function withKeptSecret(field: Field, connector: WireConnector): Field {
  if (!connector.secret_fields.includes(field.name)) return field;
  return {
    ...field,
    required: false,
    description: `${field.description} Leave empty to keep the current value.`,
  };
}
