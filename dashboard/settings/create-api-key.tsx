import { Button, Group, Modal, Select, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { CreateApiKeyBody, CreatedApiKey } from '../../src/api/contract/api-key.ts';
import { useCreateApiKey } from '../api/api-keys.ts';
import { CopyField } from '../parts/copy-field.tsx';
import { DialogForm } from '../parts/dialog-form.tsx';

const ownRoles = [
  { value: 'operator', label: 'Operator: full access' },
  { value: 'viewer', label: 'Viewer: read-only, no secrets' },
] as const;

const lives = [
  { value: '', label: 'Never' },
  { value: String(30 * 86_400), label: 'In 30 days' },
  { value: String(90 * 86_400), label: 'In 90 days' },
  { value: String(365 * 86_400), label: 'In 1 year' },
];

/** Creates a key in a dialog: asks for name, role, and expiry, then shows the key once. */
export function CreateApiKey() {
  const [opened, dialog] = useDisclosure(false);
  const create = useCreateApiKey();
  const close = () => {
    dialog.close();
    create.reset();
  };
  return (
    <>
      <Button size="compact-xs" leftSection={<IconPlus size={13} />} onClick={dialog.open}>
        Create API key
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={create.data === undefined ? 'Create an API key' : 'Your new API key'}
        closeOnClickOutside={create.data === undefined}
      >
        {create.data === undefined ? (
          <KeyForm
            error={create.error}
            isPending={create.isPending}
            onSubmit={(body) => create.mutate(body)}
          />
        ) : (
          <NewKey created={create.data} onDone={close} />
        )}
      </Modal>
    </>
  );
}

interface KeyFormProps {
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly onSubmit: (body: CreateApiKeyBody) => void;
}

function KeyForm({ error, isPending, onSubmit }: KeyFormProps) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<CreateApiKeyBody['role']>('operator');
  const [life, setLife] = useState('');
  const submit = () => onSubmit({ name, role, expires_in_seconds: life === '' ? null : Number(life) });
  return (
    <DialogForm label="Create" error={error} isPending={isPending} onSubmit={submit}>
      <TextInput
        label="Name"
        description="Identifies the caller in the audit log."
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        mb="sm"
        data-autofocus
      />
      <Select
        label="Role"
        data={ownRoles}
        value={role}
        onChange={(chosen) => chosen !== null && setRole(chosen)}
        allowDeselect={false}
        mb="sm"
      />
      <Select
        label="Expires"
        data={lives}
        value={life}
        onChange={(chosen) => setLife(chosen ?? '')}
        allowDeselect={false}
      />
    </DialogForm>
  );
}

function NewKey({ created, onDone }: { created: CreatedApiKey; onDone: () => void }) {
  return (
    <>
      <CopyField label="Key" text={created.key} />
      <Text size="sm" mt="sm">
        Copy the key now. Only its hash is stored, so it cannot be shown again. “{created.name}” sends it in
        the header <code>Authorization: Bearer …</code>.
      </Text>
      <Group justify="flex-end" mt="md">
        <Button onClick={onDone} data-autofocus>
          Done
        </Button>
      </Group>
    </>
  );
}
