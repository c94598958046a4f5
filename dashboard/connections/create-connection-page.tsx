import { Button, Group, Select, TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { WireConnectionType } from '../../src/api/contract/connection.ts';
import { testConnectionDraft, useConnectionTypes, useCreateConnection } from '../api/connections.ts';
import { applicableConfig } from '../forms/applicable.ts';
import { checkConfig } from '../forms/check-config.ts';
import { ConfigForm } from '../forms/config-form.tsx';
import { FormProblems } from '../forms/form-problems.tsx';
import { fieldsOf } from '../forms/read-schema.ts';
import { problemAt, serverProblems } from '../forms/server-problems.ts';
import { useFormDraft } from '../forms/use-form-draft.ts';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './connection-form.module.css';
import { ConnectionTester } from './connection-tester.tsx';

/** Creates a connection: type, name, credentials. */
export default function CreateConnectionPage() {
  const types = useConnectionTypes();
  return (
    <Page title="Create connection" parent={{ path: '/connections', title: 'Connections' }}>
      <OperatorsOnly
        otherwise={
          <Empty title="Operators only">You have the viewer role. Ask an operator to create it.</Empty>
        }
      >
        <Answer of={types}>{(all) => <NewConnection types={all} />}</Answer>
      </OperatorsOnly>
    </Page>
  );
}

function NewConnection({ types }: { types: readonly WireConnectionType[] }) {
  const [search, setSearch] = useSearchParams();
  const type = types.find(({ name }) => name === search.get('type'));
  return (
    <Section title="New connection">
      <Select
        label="Type"
        description={type?.summary ?? 'What the credentials are for.'}
        placeholder="Choose a type"
        data={types.map(({ name, title }) => ({ value: name, label: title }))}
        value={type?.name ?? null}
        onChange={(chosen) => chosen !== null && setSearch({ type: chosen }, { replace: true })}
        allowDeselect={false}
        mb="md"
        className={classes.form}
      />
      {type !== undefined && <NewForm key={type.name} type={type} />}
    </Section>
  );
}

function NewForm({ type }: { type: WireConnectionType }) {
  const [, goTo] = useLocation();
  const fields = useMemo(() => fieldsOf(type.config_schema), [type]);
  const initial = { name: null, agents: [], config: {} };
  const [draft, change, forget] = useFormDraft(`new connection ${type.name}`, initial, fields);
  const { config } = draft;
  const name = draft.name ?? '';
  const [tried, setTried] = useState(false);
  const create = useCreateConnection();
  const applied = useMemo(() => applicableConfig(fields, config), [fields, config]);
  const typed = checkConfig(fields, applied);
  const isComplete = Object.keys(typed).length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isComplete || name.trim() === '') return;
    create.mutate(
      { name: name.trim(), type: type.name, config: applied },
      {
        onSuccess: ({ id }) => {
          forget();
          goTo(`/connections/${id}`);
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      {create.error !== null && <FormProblems error={create.error} fields={fields} />}
      <TextInput
        label="Name"
        description="Connectors refer to the connection by this name."
        required
        value={name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={tried && name.trim() === '' ? 'Required.' : problemAt(create.error, 'name', 'Name')}
        mb="md"
      />
      <ConfigForm
        fields={fields}
        config={config}
        problems={{ ...serverProblems(create.error, fields), ...(tried ? typed : {}) }}
        onChange={(changed) => change({ config: changed })}
      />
      {type.can_be_tested && (
        <ConnectionTester
          of={applied}
          isDisabled={!isComplete}
          test={() => testConnectionDraft(type.name, applied)}
        />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" component={Link} href="/connections" onClick={forget}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending}>
          Create
        </Button>
      </Group>
    </form>
  );
}
