import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireSourceState } from '../../src/api/contract/connector-source.ts';
import { useNextRuns, useRunNow, useSourceState } from '../api/connector-sources.ts';
import { durationText } from '../format/duration.ts';
import { countText } from '../format/numbers.ts';
import { Facts } from '../parts/facts.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './call-it.module.css';
import { ScheduleTicks } from './schedule-ticks.tsx';

/** The state of a connector's event source and its schedule, if any; empty for connectors that are called. */
export function Source({ connector: { id, url } }: { connector: WireConnector }) {
  const state = useSourceState(id);
  if (state.data === undefined || state.data.status === 'not-needed') return null;
  return (
    <section className={`${classes.section} ${classes.below}`} aria-label="Source">
      <State state={state.data} />
      {url === null && <Schedule connectorId={id} />}
    </section>
  );
}

function Schedule({ connectorId }: { connectorId: string }) {
  const next = useNextRuns(connectorId);
  if (!next.data) return null;
  return (
    <>
      <ScheduleTicks next={next.data} />
      <OperatorsOnly>
        <RunNow connectorId={connectorId} />
      </OperatorsOnly>
    </>
  );
}

function State({ state }: { state: WireSourceState }) {
  return (
    <Facts
      items={[
        { label: 'Source', value: <StatusBadge status={state.status} /> },
        state.lag !== null && { label: 'Backlog', value: backlogText(state.lag, state.oldest_seconds) },
        ...state.positions.map(({ stream, next, end, lag }) => ({
          label: stream,
          value: `${next ?? 'start'} of ${end}${lag === null ? '' : `, ${countText(lag)} waiting`}`,
        })),
      ]}
    />
  );
}

function backlogText(lag: number, oldestSeconds: number | null): string {
  const oldest = oldestSeconds === null ? '' : `, the oldest for ${durationText(oldestSeconds * 1_000)}`;
  return `${countText(lag)} waiting${oldest}`;
}

function RunNow({ connectorId }: { connectorId: string }) {
  const [, goTo] = useLocation();
  const fire = useRunNow(connectorId);
  const show = ({ run_ids: ids }: { run_ids: string[] }) => {
    goTo(ids.length === 1 ? `/runs/${ids[0]}` : `/runs?connector=${connectorId}`);
  };
  const fail = (error: Error) => notifications.show({ color: 'red', message: error.message });
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerPlay size={14} />}
      loading={fire.isPending}
      onClick={() => fire.mutate(undefined, { onSuccess: show, onError: fail })}
    >
      Run now
    </Button>
  );
}
