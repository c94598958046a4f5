import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useConnector } from '../api/connectors.ts';
import { useConnectorTypes, useMode } from '../api/marketplace.ts';
import { Answer } from '../parts/answer.tsx';
import { Loading } from '../parts/loading.tsx';
import { ConnectorHeader } from './connector-header.tsx';
import { CredentialsTab } from './credentials-tab.tsx';
import { hasCredentials } from './has-credentials.ts';
import { HistoryTab } from './history-tab.tsx';
import { LinkedAgentsTab } from './linked-agents-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { isTestable, TestTab } from './test-tab.tsx';
import { useSecret } from './use-secret.ts';

export interface ConnectorDetailsProps {
  readonly id: string;
  readonly onDeleted: () => void;
  /** Whether the surrounding page shows the connector's name. */
  readonly isNamed?: boolean;
}

/** All details of a connector, in tabs. The URL names the open tab. */
export default function ConnectorDetails({ id, onDeleted, isNamed = false }: ConnectorDetailsProps) {
  const connector = useConnector(id);
  // Until the description of its mode has come, most tabs are missing.
  if (useConnectorTypes().isLoading) return <Loading />;
  return (
    <Answer of={connector}>
      {(shown) => (
        <>
          <ConnectorHeader connector={shown} isNamed={isNamed} />
          <Details connector={shown} onDeleted={onDeleted} />
        </>
      )}
    </Answer>
  );
}

interface DetailsProps {
  readonly connector: WireConnector;
  readonly onDeleted: () => void;
}

interface DetailTab {
  readonly name: string;
  readonly title: string;
  readonly content: ReactNode;
}

function Details({ connector, onDeleted }: DetailsProps) {
  const mode = useMode(connector);
  const [search, setSearch] = useSearchParams();
  const tabs = useTabs(connector, mode, onDeleted);
  const asked = search.get('tab');
  const open = tabs.some(({ name }) => name === asked) ? asked : 'overview';
  const show = (name: string | null) =>
    setSearch(
      (shown) => {
        const next = new URLSearchParams(shown);
        if (name === null || name === 'overview') next.delete('tab');
        else next.set('tab', name);
        return next;
      },
      { replace: true },
    );
  return (
    <Tabs value={open} onChange={show} keepMounted={false}>
      <Tabs.List mb="md">
        {tabs.map(({ name, title }) => (
          <Tabs.Tab key={name} value={name}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ name, content }) => (
        <Tabs.Panel key={name} value={name}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function useTabs(
  connector: WireConnector,
  mode: WireModeDescription | undefined,
  onDeleted: () => void,
): readonly DetailTab[] {
  const secret = useSecret(connector.id);
  const agents = `Agents (${connector.agents.length})`;
  const always = [
    { name: 'overview', title: 'Overview', content: <OverviewTab connector={connector} mode={mode} /> },
    { name: 'agents', title: agents, content: <LinkedAgentsTab connector={connector} /> },
    { name: 'history', title: 'History', content: <HistoryTab connector={connector} /> },
  ] as const;
  if (mode === undefined) return always;
  const of = { connector, mode, secret };
  const [overview, ...others] = always;
  return [
    overview,
    ...(hasCredentials(connector, mode)
      ? [{ name: 'credentials', title: 'Credentials', content: <CredentialsTab {...of} /> }]
      : []),
    ...(isTestable(of) ? [{ name: 'test', title: 'Test', content: <TestTab {...of} /> }] : []),
    {
      name: 'settings',
      title: 'Settings',
      content: <SettingsTab connector={connector} mode={mode} onDeleted={onDeleted} />,
    },
    ...others,
  ];
}
