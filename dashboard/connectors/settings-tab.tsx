import { IconTrash } from '@tabler/icons-react';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useDeleteConnector } from '../api/connectors.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { EditConfiguration } from './edit-configuration.tsx';
import { EditRemark } from './from-code.tsx';
import classes from './settings-tab.module.css';

export interface SettingsTabProps {
  readonly connector: WireConnector;
  readonly mode: WireModeDescription;
  readonly onDeleted: () => void;
}

/** Name and settings, and separately the actions that cannot be undone. */
export function SettingsTab({ connector, mode, onDeleted }: SettingsTabProps) {
  // Other writes of the record, such as its health, leave what is typed as it is.
  const shown = JSON.stringify([connector.name, connector.config, connector.connection, connector.delivery]);
  return (
    <>
      <EditRemark connector={connector} />
      <EditConfiguration key={shown} connector={connector} mode={mode} />
      <OperatorsOnly>
        <DangerZone connector={connector} onDeleted={onDeleted} />
      </OperatorsOnly>
    </>
  );
}

const consequence =
  'Its URL and secret stop working immediately. Pending and held deliveries are cancelled. Its runs are kept.';

function DangerZone({ connector, onDeleted }: Omit<SettingsTabProps, 'mode'>) {
  const remove = useDeleteConnector(connector.id);
  return (
    <section className={classes.danger} aria-label="Danger zone">
      <h2 className={classes.heading}>Danger zone</h2>
      {remove.error !== null && <Notice tone="bad" title={remove.error.message} />}
      <div className={classes.line}>
        <p className={classes.text}>{consequence}</p>
        <ConfirmButton
          label="Delete"
          icon={<IconTrash size={14} />}
          question={`Delete ${connector.name}?`}
          consequence={consequence}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate(undefined, { onSuccess: onDeleted })}
        />
      </div>
    </section>
  );
}
