import { Button, Group, Select } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import type { WireDeployment, WirePause } from '../../src/api/contract/pause.ts';
import { useChangePause } from '../api/pauses.ts';
import { countText } from '../format/numbers.ts';
import { Notice } from '../parts/notice.tsx';
import { ElapsedTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';

export interface PauseNoticeProps extends Pick<WireDeployment, 'paused' | 'pause'> {
  /** Path in the API. */
  readonly path: string;
  /** What is paused: `This connector`. */
  readonly what: string;
}

/** Says that something is paused, and what waits, and resumes it. Empty if nothing waits. */
export function PauseNotice({ path, what, paused, pause }: PauseNoticeProps) {
  if (pause === null) return null;
  return (
    <Notice tone="warn" title={paused ? `${what} is paused` : `${what} was resumed`}>
      <p>
        {paused && (
          <>
            By {pause.by ?? 'the system'}, for <ElapsedTime since={pause.since} />.{' '}
          </>
        )}
        <Waiting pause={pause} /> {!paused && <Pace perMinute={pause.drain_per_minute} />}
      </p>
      <OperatorsOnly>
        <Decide path={path} paused={paused} pause={pause} />
      </OperatorsOnly>
    </Notice>
  );
}

function Waiting({ pause: { waiting, more, oldest_at: oldest } }: { pause: WirePause }) {
  if (waiting === 0) return 'Nothing waits.';
  const count = `${countText(waiting)}${more ? ' or more' : ''}`;
  if (oldest === null) return `${count} wait.`;
  return (
    <>
      {count} {waiting === 1 ? 'waits' : 'wait'}, the oldest for <ElapsedTime since={oldest} />.
    </>
  );
}

function Pace({ perMinute }: { perMinute: number | null }) {
  return perMinute === null
    ? 'Everything that waited continues at once.'
    : `Everything that waited continues in order, ${countText(perMinute)} a minute.`;
}

const atOnce = 'at once';
const rates = [
  { value: atOnce, label: 'All at once' },
  ...[10, 60, 600, 6_000].map((rate) => ({ value: String(rate), label: `${countText(rate)} a minute` })),
];

/** Resumes at a rate; after that, changes the rate or pauses again. */
function Decide({ path, paused, pause }: { path: string; paused: boolean; pause: WirePause }) {
  const change = useChangePause(path);
  const [rate, setRate] = useState(pause.drain_per_minute === null ? atOnce : String(pause.drain_per_minute));
  const known = rates.some(({ value }) => value === rate);
  const choices = known ? rates : [...rates, { value: rate, label: `${countText(Number(rate))} a minute` }];
  const resume = () =>
    change.mutate({ paused: false, drain_per_minute: rate === atOnce ? null : Number(rate) });
  return (
    <>
      <Group gap="xs" mt="xs" align="end">
        <Select
          label="Resume rate"
          size="xs"
          w={160}
          data={choices}
          value={rate}
          allowDeselect={false}
          onChange={(chosen) => setRate(chosen ?? atOnce)}
        />
        <Button
          size="xs"
          leftSection={<IconPlayerPlay size={14} />}
          loading={change.isPending}
          onClick={resume}
        >
          {paused ? 'Resume' : 'Change the rate'}
        </Button>
        {!paused && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerPause size={14} />}
            disabled={change.isPending}
            onClick={() => change.mutate({ paused: true })}
          >
            Pause again
          </Button>
        )}
      </Group>
      {change.error !== null && <p role="alert">{change.error.message}</p>}
    </>
  );
}
