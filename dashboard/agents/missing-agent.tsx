import { Button, Group } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useAttention } from '../api/attention.ts';
import { useChangePause } from '../api/pauses.ts';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { RunsLink } from '../parts/runs-link.tsx';
import { ElapsedTime } from '../parts/time-text.tsx';
import { RecentRuns } from '../runs/recent-runs.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';

/** An agent that the project does not have: its runs, and its pause if it left while it was paused. */
export function MissingAgent({ name }: { name: string }) {
  const attention = useAttention();
  return (
    <Answer of={attention}>
      {({ items }) => {
        const paused = items.find(({ kind, subject }) => kind === 'agent-paused' && subject === name);
        if (paused !== undefined) {
          return (
            <>
              <LeftWhilePaused name={name} reason={paused.reason} since={paused.since} />
              <RecentRuns title="Latest runs" filters={{ agent: name }} />
            </>
          );
        }
        return (
          <Empty
            title={`There is no agent named "${name}".`}
            action={<LinkButton href="/agents">All agents</LinkButton>}
          >
            If it was renamed or removed, <RunsLink filters={{ agent: name }}>its runs</RunsLink> are still in
            the logs.
          </Empty>
        );
      }}
    </Answer>
  );
}

interface LeftWhilePausedProps {
  readonly name: string;
  /** Who paused it, and what waits. */
  readonly reason: string;
  readonly since: string | null;
}

function LeftWhilePaused({ name, reason, since }: LeftWhilePausedProps) {
  const resume = useChangePause(`/agents/${encodeURIComponent(name)}`);
  const waiting = `/runs?${new URLSearchParams({ agent: name, status: 'queued' })}`;
  return (
    <Notice tone="warn" title="This agent was removed from the project while it was paused">
      <p>
        {reason}{' '}
        {since !== null && (
          <>
            It has been paused for <ElapsedTime since={since} />.
          </>
        )}
      </p>
      <p>
        To execute the waiting runs, add the agent to the project again. If you resume it without that, they
        fail, at the earliest ten minutes after they were queued. You can also cancel them.
      </p>
      <OperatorsOnly>
        <Group gap="xs" mt="xs">
          <LinkButton href={waiting}>Choose runs to cancel</LinkButton>
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={14} />}
            loading={resume.isPending}
            onClick={() => resume.mutate({ paused: false })}
          >
            Resume
          </Button>
        </Group>
      </OperatorsOnly>
      {resume.error !== null && <p role="alert">{resume.error.message}</p>}
    </Notice>
  );
}
