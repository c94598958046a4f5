import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { WireConnection, WireConnectionType } from '../../src/api/contract/connection.ts';
import {
  testConnection,
  useChangeConnection,
  useConnection,
  useConnectionTypes,
  useDeleteConnection,
} from '../api/connections.ts';
import { counted } from '../format/numbers.ts';
import { applicableConfig } from '../forms/applicable.ts';
import { checkConfig } from '../forms/check-config.ts';
import { EditForm } from '../forms/edit-form.tsx';
import { fieldsOf } from '../forms/read-schema.ts';
import { changedConfig, keepingSecrets } from '../forms/stored-config.ts';
import { useFormDraft } from '../forms/use-form-draft.ts';
import { Answer } from '../parts/answer.tsx';
import { DangerZone } from '../parts/danger-zone.tsx';
import { Facts } from '../parts/facts.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './connection-form.module.css';
import { ConnectionTester } from './connection-tester.tsx';
import { ConnectionUsers } from './connection-users.tsx';

/** One connection: who uses it, its fields, its test, and its end. */
export default function ConnectionPage({ id }: { id: string }) {
  const connection = useConnection(id);
  return (
    <Page
      title={connection.data?.name ?? 'Connection'}
      parent={{ path: '/connections', title: 'Connections' }}
    >
      <Answer of={connection}>{(shown) => <Details connection={shown} />}</Answer>
    </Page>
  );
}

function Details({ connection }: { connection: WireConnection }) {
  const types = useConnectionTypes();
  const type = types.data?.find(({ name }) => name === connection.type);
  // Other changes, such as those of its connectors, leave what is typed as it is.
  const shown = JSON.stringify([connection.name, connection.config]);
  return (
    <>
      <Section title="Use">
        {connection.pending && (
          <Notice
            tone="warn"
            title="The last change has not reached all connectors yet. The system completes it."
          />
        )}
        <Facts
          items={[
            { label: 'Type', value: type?.title ?? connection.type },
            { label: 'Used by', value: <ConnectionUsers connection={connection} /> },
            { label: 'Changed', value: <RelativeTime at={connection.updated_at} /> },
          ]}
        />
        <OperatorsOnly>
          {type?.can_be_tested === true && (
            <ConnectionTester
              of={connection.config}
              isDisabled={false}
              test={() => testConnection(connection.id)}
            />
          )}
        </OperatorsOnly>
      </Section>
      <Section title="Fields">
        <Answer of={types} rows={12}>
          {() => type && <EditConnection key={shown} connection={connection} type={type} />}
        </Answer>
      </Section>
      <DeleteConnection connection={connection} />
    </>
  );
}

function EditConnection({ connection, type }: { connection: WireConnection; type: WireConnectionType }) {
  const all = useMemo(() => fieldsOf(type.config_schema), [type]);
  const fields = useMemo(() => keepingSecrets(all, connection), [all, connection]);
  const initial = { name: connection.name, agents: [], config: connection.config };
  const [draft, changeDraft, forget, saved] = useFormDraft(
    `edit connection ${connection.id}`,
    initial,
    fields,
  );
  const { config } = draft;
  const name = draft.name ?? connection.name;
  const change = useChangeConnection(connection.id);
  const applied = useMemo(() => applicableConfig(fields, config), [fields, config]);
  const count = connection.used_by.length;
  const save = async () => {
    await change.mutateAsync({
      ...(name === connection.name ? {} : { name }),
      config: changedConfig(connection, fields, config, applied),
    });
    saved();
  };
  return (
    <div className={classes.form}>
      <EditForm
        fields={fields}
        name={name}
        config={config}
        typed={checkConfig(fields, applied)}
        isChanged={name !== connection.name || JSON.stringify(config) !== JSON.stringify(connection.config)}
        change={change}
        saveLabel={count === 0 ? 'Save changes' : `Save for ${counted(count, 'connector')}`}
        onType={changeDraft}
        onUndo={forget}
        onSave={save}
      />
    </div>
  );
}

function DeleteConnection({ connection: { id, name } }: { connection: WireConnection }) {
  const [, goTo] = useLocation();
  const remove = useDeleteConnection(id);
  return (
    <DangerZone
      name={name}
      consequence="Its credentials are deleted. This is possible only while no connector uses it."
      error={remove.error}
      isPending={remove.isPending}
      onDelete={() => remove.mutate(undefined, { onSuccess: () => goTo('/connections') })}
    />
  );
}
