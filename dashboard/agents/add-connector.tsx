import { Button, Drawer, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useConnectors, useSetLink } from '../api/connectors.ts';
import { TypeIcon } from '../connectors/type-icon.tsx';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import classes from './add-connector.module.css';

/** The side of the agent that gets the connector. */
type Side = 'inbound' | 'outbound';

/** Two buttons that add a connector to an agent, each with its drawer. */
export function AddConnector({ agent }: { agent: WireAgent }) {
  const [side, setSide] = useState<Side | null>(null);
  return (
    <Group gap="xs">
      {(['inbound', 'outbound'] as const).map((offered) => (
        <Button
          key={offered}
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} />}
          onClick={() => setSide(offered)}
        >
          Add {offered} connector
        </Button>
      ))}
      <Drawer
        opened={side !== null}
        onClose={() => setSide(null)}
        title={side === 'outbound' ? 'Add outbound connector' : 'Add inbound connector'}
      >
        {side !== null && <Choice agent={agent} side={side} />}
      </Drawer>
    </Group>
  );
}

function Choice({ agent, side }: { agent: WireAgent; side: Side }) {
  const connectors = useConnectors();
  const create = `/connectors/new?agent=${agent.name}&side=${side}`;
  return (
    <>
      <Button component={Link} href={create} leftSection={<IconPlus size={14} />} fullWidth data-autofocus>
        Create new connector
      </Button>
      <h3 className={classes.heading}>Or link an existing one</h3>
      <Answer of={connectors}>
        {(all) => <Existing agent={agent} connectors={all.filter(({ mode }) => sideOf(mode) === side)} />}
      </Answer>
    </>
  );
}

function Existing({ agent, connectors }: { agent: WireAgent; connectors: readonly WireConnector[] }) {
  const setLink = useSetLink();
  if (connectors.length === 0) return <Empty title="None yet">Create the first one above.</Empty>;
  return (
    <ul className={classes.list}>
      {connectors.map((connector) => {
        const linked = connector.agents.map(agentOf).includes(agent.name);
        return (
          <li key={connector.id} className={classes.connector}>
            <TypeIcon type={connector.type} />
            <div className={classes.name}>
              {connector.name}
              <div className={classes.mode}>
                {connector.type}, {connector.mode}
              </div>
            </div>
            <Button
              variant="default"
              aria-label={`${linked ? 'Unlink' : 'Link'} ${connector.name}`}
              loading={setLink.isPending && setLink.variables.id === connector.id}
              onClick={() => setLink.mutate({ id: connector.id, agent: agent.name, linked: !linked })}
            >
              {linked ? 'Unlink' : 'Link'}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

function sideOf(mode: WireConnector['mode']): Side {
  return mode === 'outbound' ? 'outbound' : 'inbound';
}
