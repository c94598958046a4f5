import { Tabs } from '@mantine/core';
import { useConnector } from '../api/connectors.ts';
import { Answer } from '../parts/answer.tsx';
import { ConfigurationTab } from './configuration-tab.tsx';
import { ConnectorHeader, type ConnectorHeaderProps } from './connector-header.tsx';
import { HistoryTab } from './history-tab.tsx';
import { LinkedAgentsTab } from './linked-agents-tab.tsx';

export interface ConnectorDetailsProps {
  readonly id: string;
  readonly onDeleted: () => void;
  /** Whether the page around it names the connector. */
  readonly isNamed?: boolean;
}

/** Everything about one connector: configuration and credentials, linked agents, history. */
export default function ConnectorDetails({ id, onDeleted, isNamed = false }: ConnectorDetailsProps) {
  const connector = useConnector(id);
  return (
    <Answer of={connector}>
      {(shown) => <Details connector={shown} onDeleted={onDeleted} isNamed={isNamed} />}
    </Answer>
  );
}

function Details({ connector, onDeleted, isNamed }: ConnectorHeaderProps) {
  return (
    <>
      <ConnectorHeader connector={connector} onDeleted={onDeleted} isNamed={isNamed} />
      <Tabs defaultValue="configuration" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="configuration">Configuration</Tabs.Tab>
          <Tabs.Tab value="agents">Agents ({connector.agents.length})</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="configuration">
          <ConfigurationTab connector={connector} />
        </Tabs.Panel>
        <Tabs.Panel value="agents">
          <LinkedAgentsTab connector={connector} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab connector={connector} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
