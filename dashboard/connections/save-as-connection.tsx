import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import type { WireConnection, WireConnectionType } from '../../src/api/contract/connection.ts';
import { useConnectionTypes, useCreateConnection } from '../api/connections.ts';
import { useConnectorTypes } from '../api/marketplace.ts';
import type { Json } from '../forms/field.ts';
import { FormProblems } from '../forms/form-problems.tsx';
import { fieldsOf } from '../forms/read-schema.ts';
import { problemAt } from '../forms/server-problems.ts';

export interface SaveAsConnectionProps {
  /** Type of the connector. */
  readonly type: string;
  readonly config: Json;
  readonly onSaved: (connection: WireConnection) => void;
}

/** Offers to store typed credentials as a connection that other connectors can use, too. */
export function SaveAsConnection({ type, config, onSaved }: SaveAsConnectionProps) {
  const types = useConnectorTypes();
  const kinds = useConnectionTypes();
  const wanted = types.data?.find(({ name }) => name === type)?.connection_type;
  const kind = kinds.data?.find(({ name }) => name === wanted);
  const shared = useMemo(() => sharedPart(config, kind), [config, kind]);
  const [opened, dialog] = useDisclosure(false);
  if (kind === undefined || Object.keys(shared).length === 0) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconKey size={14} />} onClick={dialog.open}>
        Save as a connection
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={`Save as a connection: ${kind.title}`}>
        <NameForm
          kind={kind}
          config={shared}
          onSaved={(connection) => {
            dialog.close();
            onSaved(connection);
          }}
        />
      </Modal>
    </>
  );
}

function NameForm({
  kind,
  config,
  onSaved,
}: Pick<SaveAsConnectionProps, 'onSaved' | 'config'> & { kind: WireConnectionType }) {
  const [name, setName] = useState('');
  const create = useCreateConnection();
  const fields = useMemo(() => fieldsOf(kind.config_schema), [kind]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The dialog is inside of the connector's form.
    event.stopPropagation();
    create.mutate({ name: name.trim(), type: kind.name, config }, { onSuccess: onSaved });
  };
  return (
    <form onSubmit={submit} noValidate>
      {create.error !== null && <FormProblems error={create.error} fields={fields} />}
      <TextInput
        label="Name"
        description="Other connectors can then use the same credentials by this name."
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={problemAt(create.error, 'name', 'Name')}
        data-autofocus
      />
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
          Save
        </Button>
      </Group>
    </form>
  );
}

/** The fields of a configuration that a connection can have. */
function sharedPart(config: Json, kind: WireConnectionType | undefined): Json {
  const names = fieldsOf(kind?.config_schema ?? {}).map(({ name }) => name);
  return Object.fromEntries(Object.entries(config).filter(([name]) => names.includes(name)));
}
