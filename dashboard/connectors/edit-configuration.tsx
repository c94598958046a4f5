import { useMemo } from 'react';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useChangeConnector } from '../api/connectors.ts';
import { ConnectionSelect } from '../connections/connection-select.tsx';
import { useFieldsOfConnection } from '../connections/fields-of-connection.ts';
import { applicableConfig, fieldsOfDelivery } from '../forms/applicable.ts';
import { EditForm } from '../forms/edit-form.tsx';
import { fieldsOf } from '../forms/read-schema.ts';
import { problemAt } from '../forms/server-problems.ts';
import { changedConfig, keepingSecrets } from '../forms/stored-config.ts';
import { useConfigCheck } from '../forms/use-config-check.ts';
import { useFormDraft } from '../forms/use-form-draft.ts';
import { useIsOperator } from '../session/session.ts';
import { DeliverySelect } from './delivery-mode.tsx';
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
  const allFields = useMemo(() => fieldsOf(mode.config_schema), [mode]);
  const [draft, changeDraft, forget, saved] = useFormDraft(
    `edit ${connector.id}`,
    {
      name: connector.name,
      agents: [],
      config: connector.config,
      connection: connector.connection,
      ...deliveryOf(connector),
    },
    allFields,
  );
  const { config, connection = null, delivery = connector.delivery } = draft;
  const used = useFieldsOfConnection(connection, connector);
  const fields = useMemo(() => allFields.filter((field) => !used.includes(field.name)), [allFields, used]);
  const name = draft.name ?? connector.name;
  const change = useChangeConnector(connector.id);
  const needed = keepingSecrets(fields, connector);
  const isOperator = useIsOperator();
  const isCheckable = isOperator && connector.secret_fields.length === 0;
  const applied = useMemo(() => applicableConfig(fields, config), [fields, config]);
  const { typed, found, schedule } = useConfigCheck(
    connector.type,
    mode.mode,
    needed,
    applied,
    connection,
    isCheckable,
  );
  const isMoved = connection !== connector.connection;
  const isChanged =
    isMoved ||
    delivery !== connector.delivery ||
    name !== connector.name ||
    JSON.stringify(config) !== JSON.stringify(connector.config);
  const save = async () => {
    await change.mutateAsync({
      ...(name === connector.name ? {} : { name }),
      ...(isMoved ? { connection } : {}),
      ...(delivery === null || delivery === connector.delivery ? {} : { delivery }),
      config: changedConfig(connector, fields, config, applied),
    });
    saved();
  };
  return (
    <EditForm
      fields={fieldsOfDelivery(needed, delivery)}
      name={name}
      config={config}
      typed={typed}
      found={found}
      isChanged={isChanged}
      change={change}
      onType={changeDraft}
      onUndo={forget}
      onSave={save}
      preview={isChanged && schedule !== null && <ScheduleTicks next={schedule} />}
    >
      {delivery !== null && (
        <DeliverySelect
          value={delivery}
          error={problemAt(change.error, 'delivery', 'Delivers') ?? agentProblem(change.error, connector)}
          onChange={(chosen) => changeDraft({ delivery: chosen })}
        />
      )}
      <ConnectionSelect
        type={connector.type}
        value={connection}
        error={problemAt(change.error, 'connection', 'Connection')}
        onChange={(chosen) => changeDraft({ connection: chosen })}
      />
    </EditForm>
  );
}

function deliveryOf({ delivery }: WireConnector) {
  return delivery === null ? {} : { delivery };
}

/** The linked agent for which the chosen delivery is not possible. */
function agentProblem(error: Error | null, { agents }: WireConnector): string | undefined {
  const problems = agents.map((link, index) => problemAt(error, `agents.${index}`, agentOf(link)));
  return problems.find((problem) => problem !== undefined);
}
