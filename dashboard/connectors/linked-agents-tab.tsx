import { Group, Select } from '@mantine/core';
import { Link } from 'wouter';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useAgents } from '../api/agents.ts';
import { useSetLink } from '../api/connectors.ts';
import { ConditionForm } from '../filters/condition-form.tsx';
import { Empty } from '../parts/empty.tsx';
import { Notice } from '../parts/notice.tsx';
import { RowButton } from '../parts/row-button.tsx';
import table from '../parts/table.module.css';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { EditRemark } from './from-code.tsx';

/** Links and unlinks the agents that the connector triggers or delivers for, and says what each of them wants. */
export function LinkedAgentsTab({ connector }: { connector: WireConnector }) {
  const agents = useAgents();
  const setLink = useSetLink();
  const names = agents.data?.items.map(({ name }) => name) ?? [];
  const linked = connector.agents.map(agentOf);
  const change = (agent: string, isLinked: boolean) =>
    setLink.mutate({ id: connector.id, agent, linked: isLinked });
  return (
    <>
      <EditRemark connector={connector} />
      {setLink.error !== null && <Notice tone="bad" title={setLink.error.message} />}
      {connector.agents.length === 0 ? (
        <Empty title="No linked agents">The connector does nothing until you link an agent.</Empty>
      ) : (
        <table className={table.table}>
          <tbody>
            {linked.map((agent) => (
              <tr key={agent}>
                <td className={table.main}>
                  <Link href={`/agents/${agent}`}>{agent}</Link>
                </td>
                <td className={table.number}>
                  <RowButton label={`Unlink ${agent}`} onClick={() => change(agent, false)}>
                    Unlink
                  </RowButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <OperatorsOnly>
        <Group mt="md" mb="lg">
          <Select
            label="Link an agent"
            placeholder="Select an agent"
            searchable
            value={null}
            data={names.filter((name) => !linked.includes(name))}
            onChange={(agent) => agent !== null && change(agent, true)}
          />
        </Group>
      </OperatorsOnly>
      <ConditionForm connector={connector} />
    </>
  );
}
