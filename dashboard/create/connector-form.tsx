import { Button, Group, MultiSelect, TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { CreatedConnector } from '../../src/api/contract/connector.ts';
import type { WireConnectorType, WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { freeName } from '../../src/api/contract/free-name.ts';
import { useAgents } from '../api/agents.ts';
import { useConnectors, useCreateConnector } from '../api/connectors.ts';
import { ConnectionSelect } from '../connections/connection-select.tsx';
import { useFieldsOfConnection } from '../connections/fields-of-connection.ts';
import { SaveAsConnection } from '../connections/save-as-connection.tsx';
import { handOverSecret } from '../connectors/created-secrets.ts';
import { DeliverySelect } from '../connectors/delivery-mode.tsx';
import { hasCredentials } from '../connectors/has-credentials.ts';
import { ScheduleTicks } from '../connectors/schedule-ticks.tsx';
import { SetUp } from '../connectors/set-up.tsx';
import { ConditionInputs } from '../filters/condition-input.tsx';
import { nothingTyped, withTyped } from '../filters/conditions.ts';
import { TryOut } from '../filters/try-out.tsx';
import { useTrial } from '../filters/use-trial.ts';
import { applicableConfig, fieldsOfDelivery } from '../forms/applicable.ts';
import { ConfigForm } from '../forms/config-form.tsx';
import type { Json } from '../forms/field.ts';
import { FormProblems } from '../forms/form-problems.tsx';
import { MoreSettings } from '../forms/more-settings.tsx';
import { fieldsOf } from '../forms/read-schema.ts';
import { problemAt, serverProblems } from '../forms/server-problems.ts';
import { useConfigCheck } from '../forms/use-config-check.ts';
import { useFormDraft } from '../forms/use-form-draft.ts';
import { Section } from '../parts/section.tsx';
import classes from './connector-form.module.css';
import { TestDraft } from './test-draft.tsx';

export interface ConnectorFormProps {
  readonly type: WireConnectorType;
  readonly mode: WireModeDescription;
}

/** Name, agents, and settings of a new connector. After creation, its details open with URL and secret. */
export function ConnectorForm({ type, mode }: ConnectorFormProps) {
  const [search] = useSearchParams();
  const [, goTo] = useLocation();
  const agent = search.get('agent');
  const allFields = useMemo(() => fieldsOf(mode.config_schema), [mode]);
  const [draft, change, forget] = useFormDraft(
    `new ${type.name} ${mode.mode} ${agent ?? ''}`,
    { name: null, agents: agent === null ? [] : [agent], config: {}, connection: null },
    allFields,
  );
  const {
    name: typedName,
    agents: linked,
    config,
    connection = null,
    delivery = 'automatic',
    conditions: typed = nothingTyped,
  } = draft;
  const given = useFieldsOfConnection(connection);
  const fields = useMemo(() => allFields.filter((field) => !given.includes(field.name)), [allFields, given]);
  const connectors = useConnectors();
  const taken = new Set(connectors.data?.map((connector) => connector.name));
  const name = typedName ?? freeName(firstName(type, mode, agent), taken);
  const [tried, setTried] = useState(false);
  const create = useCreateConnector();
  const applied = useMemo(() => applicableConfig(fields, config), [fields, config]);
  const check = useConfigCheck(type.name, mode.mode, fields, applied, connection);
  const conditions = useMemo(
    () => ({
      filter: typed.filter ?? '',
      links: Object.fromEntries(linked.map((one) => [one, typed.links[one] ?? ''])),
    }),
    [typed, linked],
  );
  const hasConditions = [conditions.filter, ...Object.values(conditions.links)].some(
    (text) => text.trim() !== '',
  );
  const agents = useAgents();
  const trial = useTrial(
    {
      path: `/connector-types/${type.name}`,
      id: null,
      mode: mode.mode,
      name,
      agents: linked,
      sample: agents.data?.items.find((one) => one.name === linked[0])?.sample_payload ?? {},
    },
    conditions,
    hasConditions,
  );
  const isOutbound = mode.mode === 'outbound';
  const isValid = name.trim() !== '' && Object.keys(check.typed).length === 0;
  const open = (created: CreatedConnector) => {
    if (created.secret !== null) handOverSecret(created.id, created.secret);
    create.reset();
    forget();
    const tab = hasCredentials(created, mode) ? '&tab=credentials' : '';
    goTo(`${agent === null ? '/connectors' : `/agents/${agent}`}?connector=${created.id}${tab}`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const body = {
      name: name.trim(),
      type: type.name,
      mode: mode.mode,
      config: applied,
      connection,
      agents: Object.entries(conditions.links).map(([agentName, when]) =>
        when.trim() === '' ? agentName : { name: agentName, when },
      ),
      ...(conditions.filter.trim() === '' ? {} : { filter: conditions.filter }),
      ...(isOutbound ? { delivery } : {}),
    };
    if (isValid && !(hasConditions && trial.isInvalid)) create.mutate(body, { onSuccess: open });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <Section title={`${type.title}, ${mode.mode}`}>
        <p className={classes.summary}>{mode.summary}</p>
        {create.error !== null && <FormProblems error={create.error} fields={fields} />}
        <TextInput
          label="Name"
          description="Shown in lists."
          required
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={name.trim() === '' ? 'Required.' : problemAt(create.error, 'name', 'Name')}
          mb="md"
          autoFocus
        />
        <AgentsInput
          mode={mode}
          value={[...linked]}
          error={agentProblem(create.error, linked)}
          onChange={(agents) => change({ agents })}
        />
        {isOutbound && (
          <DeliverySelect
            value={delivery}
            error={problemAt(create.error, 'delivery', 'Delivers')}
            onChange={(chosen) => change({ delivery: chosen })}
          />
        )}
        <ConnectionSelect
          type={type.name}
          value={connection}
          error={problemAt(create.error, 'connection', 'Connection')}
          onChange={(chosen) => change({ connection: chosen })}
        />
        <ConfigForm
          fields={fieldsOfDelivery(fields, delivery)}
          config={config}
          problems={{
            ...serverProblems(create.error, fields),
            ...(tried || Object.keys(config).length > 0 ? check.found : {}),
            ...(tried ? check.typed : typedProblems(check.typed, config)),
          }}
          onChange={(changed) => change({ config: changed })}
        />
        <MoreSettings title="Filter" isWanted={hasConditions}>
          <ConditionInputs
            isOutbound={isOutbound}
            conditions={conditions}
            problemOf={hasConditions ? trial.problemOf : () => undefined}
            onChange={(next) => change({ conditions: withTyped(typed, next) })}
          />
        </MoreSettings>
        <Group justify="flex-end" gap="xs">
          {connection === null && (
            <SaveAsConnection
              type={type.name}
              config={applied}
              onSaved={({ name: saved }) => change({ connection: saved })}
            />
          )}
          <Button
            variant="default"
            component={Link}
            href={agent === null ? '/connectors' : `/agents/${agent}`}
            onClick={forget}
          >
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create
          </Button>
        </Group>
      </Section>
      <aside className={classes.aside} aria-label="Preview">
        {hasConditions && <TryOut isOutbound={isOutbound} trial={trial} />}
        {check.schedule !== null && <ScheduleTicks next={check.schedule} />}
        {mode.draft_test !== null && (
          <TestDraft
            type={type.name}
            mode={mode.mode}
            kind={mode.draft_test}
            config={applied}
            connection={connection}
            isComplete={Object.keys(check.typed).length === 0}
          />
        )}
        {mode.instructions !== null && (
          <SetUp instructions={mode.instructions} fillings={{ url: null, secret: null }} isCreated={false} />
        )}
      </aside>
    </form>
  );
}

function AgentsInput({
  mode,
  value,
  error,
  onChange,
}: {
  mode: WireModeDescription;
  value: string[];
  error: string | undefined;
  onChange: (names: string[]) => void;
}) {
  const agents = useAgents();
  return (
    <MultiSelect
      label="Agents"
      description={
        mode.mode === 'outbound'
          ? 'The agents for which it delivers.'
          : 'The agents it triggers. Each event starts one run per agent.'
      }
      data={agents.data?.items.map(({ name }) => name) ?? []}
      value={value}
      onChange={onChange}
      error={error}
      searchable
      mb="md"
    />
  );
}

/** What is wrong with one of the agents. */
function agentProblem(error: Error | null, linked: readonly string[]): string | undefined {
  const problems = linked.map((name, index) => problemAt(error, `agents.${index}`, name));
  return problems.find((problem) => problem !== undefined);
}

/** Before submission, only fields that the user has changed show problems. */
function typedProblems(problems: Readonly<Record<string, string>>, config: Json) {
  return Object.fromEntries(
    Object.entries(problems).filter(([path]) => (path.split('.')[0] ?? '') in config),
  );
}

function firstName(type: WireConnectorType, mode: WireModeDescription, agent: string | null): string {
  const what = `${type.title} ${mode.mode}`;
  return agent === null ? what : `${agent} ${what.toLowerCase()}`;
}
