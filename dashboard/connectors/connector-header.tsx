import { Group, Switch } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useChangeConnector, useDeleteConnector } from '../api/connectors.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { ElapsedTime, RelativeTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './connector-header.module.css';
import { connectorStatus } from './connector-status.ts';
import { HeldResults } from './held-results.tsx';
import { TypeIcon } from './type-icon.tsx';

export interface ConnectorHeaderProps {
  readonly connector: WireConnector;
  readonly onDeleted: () => void;
  /** Whether the page around it has named the connector already. */
  readonly isNamed: boolean;
}

/** What the connector is and how it does, with the switch that enables it and the button that deletes it. */
export function ConnectorHeader({ connector, onDeleted, isNamed }: ConnectorHeaderProps) {
  const change = useChangeConnector(connector.id);
  const remove = useDeleteConnector(connector.id);
  const failure = change.error ?? remove.error;
  return (
    <>
      <div className={classes.header}>
        <TypeIcon type={connector.type} />
        <div className={classes.text}>
          <div className={classes.name}>
            {!isNamed && connector.name} <StatusBadge status={connectorStatus(connector)} />
          </div>
          <div className={classes.detail}>
            {connector.type}, {connector.mode} · created <RelativeTime at={connector.created_at} />
          </div>
        </div>
        <OperatorsOnly>
          <Group gap="sm">
            <Switch
              label="Enabled"
              size="xs"
              checked={connector.enabled}
              disabled={change.isPending}
              onChange={(event) => change.mutate({ enabled: event.currentTarget.checked })}
            />
            <ConfirmButton
              label="Delete"
              icon={<IconTrash size={14} />}
              question={`Delete ${connector.name}?`}
              consequence="Its URL and secret stop working immediately. Pending and held deliveries are cancelled. Its runs are kept."
              isPending={remove.isPending}
              onConfirm={() => remove.mutate(undefined, { onSuccess: onDeleted })}
            />
          </Group>
        </OperatorsOnly>
      </div>
      {failure !== null && <Notice tone="bad" title={failure.message} />}
      <Trouble connector={connector} />
      {connector.mode === 'outbound' && <HeldResults connector={connector} />}
    </>
  );
}

function Trouble({ connector }: { connector: WireConnector }) {
  if (connector.disabled_reason !== null) {
    return (
      <Notice tone="warn" title="Disabled by the system">
        {connector.disabled_reason}
      </Notice>
    );
  }
  if (connector.failing_since === null) return null;
  return (
    <Notice tone="bad" title="All deliveries are failing">
      Every attempt has failed for <ElapsedTime since={connector.failing_since} />. See History for the
      reasons.
    </Notice>
  );
}
