import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Suspense } from 'react';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import { useAgent } from '../api/agents.ts';
import { ApiFailure } from '../api/request.ts';
import { AgentBudgets } from '../budgets/applicable-budgets.tsx';
import { ConnectorDrawer } from '../connectors/connector-drawer.tsx';
import { Answer } from '../parts/answer.tsx';
import { loadLater } from '../parts/load-later.ts';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { PauseButton } from '../pausing/pause-button.tsx';
import { PauseNotice } from '../pausing/pause-notice.tsx';
import { RecentRuns } from '../runs/recent-runs.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { AddConnector } from './add-connector.tsx';
import { AgentConfiguration } from './agent-configuration.tsx';
import { AgentMark } from './agent-mark.tsx';
import { AgentNumbers } from './agent-numbers.tsx';
import { MissingAgent } from './missing-agent.tsx';
import { RunByHand } from './run-by-hand.tsx';

const ConnectorFlow = loadLater(() => import('./connector-flow.tsx'));

/** An agent: its connector flow, numbers, runs, and configuration. */
export default function AgentPage({ name }: { name: string }) {
  const agent = useAgent(name);
  const isMissing = agent.error instanceof ApiFailure && agent.error.status === 404;
  const [runsByHand, byHand] = useDisclosure(false);
  return (
    <Page
      title={name}
      parent={{ path: '/agents', title: 'Agents' }}
      summary={agent.data?.description}
      mark={agent.data && <AgentMark type={agent.data.type} />}
      actions={
        <OperatorsOnly>
          {agent.error === null && !agent.data?.pause && (
            <PauseButton
              path={`/agents/${name}`}
              what={`the agent ${name}`}
              consequence="Its runs wait until you resume it. Runs in progress continue, and other agents are not affected."
              isDisabled={!agent.data}
            />
          )}
          {agent.error === null && (
            <Button leftSection={<IconPlayerPlay size={14} />} onClick={byHand.open} disabled={!agent.data}>
              Run by hand
            </Button>
          )}
        </OperatorsOnly>
      }
    >
      {isMissing ? (
        <MissingAgent name={name} />
      ) : (
        <Answer of={agent}>{(shown) => <AgentSections agent={shown} />}</Answer>
      )}
      {agent.data && <RunByHand agent={agent.data} opened={runsByHand} onClose={byHand.close} />}
      <ConnectorDrawer />
    </Page>
  );
}

function AgentSections({ agent }: { agent: WireAgent }) {
  return (
    <>
      <PauseNotice
        path={`/agents/${agent.name}`}
        what="This agent"
        paused={agent.paused}
        pause={agent.pause}
      />
      {agent.missing_key !== null && (
        <Notice tone="warn" title="A key is missing">
          {agent.missing_key} Until then, its runs fail.
        </Notice>
      )}
      <Section
        title="Connector flow"
        actions={
          <OperatorsOnly>
            <AddConnector agent={agent} />
          </OperatorsOnly>
        }
        flush
      >
        <Suspense fallback={<Loading rows={6} />}>
          <ConnectorFlow agent={agent} />
        </Suspense>
      </Section>
      <AgentNumbers agent={agent} />
      <RecentRuns title="Latest runs" filters={{ agent: agent.name }} />
      <AgentBudgets agent={agent} />
      <AgentConfiguration agent={agent} />
    </>
  );
}
