import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useDeleteConnector } from '../api/connectors.ts';
import { DangerZone } from '../parts/danger-zone.tsx';
import { EditConfiguration } from './edit-configuration.tsx';
import { EditRemark } from './from-code.tsx';

export interface SettingsTabProps {
  readonly connector: WireConnector;
  readonly mode: WireModeDescription;
  readonly onDeleted: () => void;
}

/** What a deletion ends. */
function whatEnds({ mode, url }: WireConnector): string {
  if (mode === 'outbound') return 'Deliveries stop; pending and held deliveries are cancelled.';
  if (url === null) return 'Its events no longer start runs.';
  return 'Its URL and its secret stop working immediately.';
}

/** Name and settings, and separately the actions that cannot be undone. */
export function SettingsTab({ connector, mode, onDeleted }: SettingsTabProps) {
  const remove = useDeleteConnector(connector.id);
  // Other writes of the record, such as its health, leave what is typed as it is.
  const shown = JSON.stringify([connector.name, connector.config, connector.connection, connector.delivery]);
  return (
    <>
      <EditRemark connector={connector} />
      <EditConfiguration key={shown} connector={connector} mode={mode} />
      <DangerZone
        name={connector.name}
        consequence={`${whatEnds(connector)} Its runs are kept.`}
        error={remove.error}
        isPending={remove.isPending}
        onDelete={() => remove.mutate(undefined, { onSuccess: onDeleted })}
      />
    </>
  );
}
