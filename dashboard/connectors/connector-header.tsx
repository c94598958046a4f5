import { Group, Switch } from '@mantine/core';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useChangeConnector } from '../api/connectors.ts';
import { counted, countText } from '../format/numbers.ts';
import { Notice } from '../parts/notice.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import { PauseButton } from '../pausing/pause-button.tsx';
import { PauseNotice } from '../pausing/pause-notice.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './connector-header.module.css';
import { Drift } from './from-code.tsx';
import { Health, HealthNotice } from './health.tsx';
import { HeldResults } from './held-results.tsx';
import { TypeIcon } from './type-icon.tsx';

export interface ConnectorHeaderProps {
  readonly connector: WireConnector;
  /** Whether the surrounding page already shows the connector's name. */
  readonly isNamed: boolean;
}

/** The connector's type and health, with the switch that enables it. */
export function ConnectorHeader({ connector, isNamed }: ConnectorHeaderProps) {
  const change = useChangeConnector(connector.id);
  return (
    <>
      <div className={classes.header}>
        <TypeIcon type={connector.type} />
        <div className={classes.text}>
          <div className={classes.name}>
            {!isNamed && connector.name} <Health health={connector.health} />
          </div>
          <div className={classes.detail}>
            {connector.type}, {connector.mode}
            {' · '}
            <Activity connector={connector} />
          </div>
        </div>
        <OperatorsOnly>
          <Group gap="sm">
            {!connector.paused && connector.pause === null && (
              <PauseButton
                path={`/connectors/${connector.id}`}
                what="this connector"
                consequence={
                  connector.mode === 'outbound'
                    ? 'Its deliveries wait until you resume it.'
                    : 'It still accepts and answers events, and their runs wait until you resume it.'
                }
              />
            )}
            <Switch
              label="Enabled"
              size="xs"
              checked={connector.enabled}
              disabled={change.isPending}
              onChange={(event) => change.mutate({ enabled: event.currentTarget.checked })}
            />
          </Group>
        </OperatorsOnly>
      </div>
      {change.error !== null && <Notice tone="bad" title={change.error.message} />}
      <HealthNotice connector={connector} />
      <PauseNotice
        path={`/connectors/${connector.id}`}
        what="This connector"
        paused={connector.paused}
        pause={connector.pause}
      />
      <Drift connector={connector} />
      {connector.mode === 'outbound' && connector.pause === null && <HeldResults connector={connector} />}
    </>
  );
}

/** The connector's last activity. */
function Activity({ connector: { mode, health } }: { connector: WireConnector }) {
  if (mode === 'outbound') {
    if (health.last_delivery_at === null) return 'no deliveries yet';
    return (
      <>
        last delivery <RelativeTime at={health.last_delivery_at} />
      </>
    );
  }
  if (health.last_event_at === null) return 'no events yet';
  return (
    <>
      last event <RelativeTime at={health.last_event_at} />, {counted(health.runs_24h, 'run')} in 24 h
      {health.failed_24h > 0 && `, ${countText(health.failed_24h)} failed`}
    </>
  );
}
