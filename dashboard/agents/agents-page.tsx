import { Link } from 'wouter';
import type { AgentList, WireAgent } from '../../src/api/contract/agent.ts';
import { useAgents } from '../api/agents.ts';
import { counted, countText, percentText } from '../format/numbers.ts';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { AgentMark } from './agent-mark.tsx';
import classes from './agents-page.module.css';
import { ProjectProblems } from './project-problems.tsx';
import { runCount, successRate } from './recent-numbers.ts';

/** All agents of the project, and the project's errors. */
export default function AgentsPage() {
  const agents = useAgents();
  return (
    <Page title="Agents" summary="Your agents. Open one to see its connectors.">
      <Answer of={agents}>{(list) => <AgentTable list={list} />}</Answer>
    </Page>
  );
}

function AgentTable({ list }: { list: AgentList }) {
  return (
    <>
      <ProjectProblems problems={list.problems} />
      <Section title={counted(list.items.length, 'agent')} flush>
        {list.items.length === 0 ? (
          <Empty title="No agents yet">
            Add a YAML file to the project's <code>agents/</code> folder, then restart or redeploy.
          </Empty>
        ) : (
          <Table
            headings={[
              'Agent',
              'Model',
              'Links',
              { title: 'Runs, 24 h', isNumber: true },
              { title: 'Success', isNumber: true },
            ]}
          >
            {list.items.map((agent) => (
              <AgentRow key={agent.name} agent={agent} />
            ))}
          </Table>
        )}
      </Section>
    </>
  );
}

function AgentRow({ agent }: { agent: WireAgent }) {
  const outbound = agent.connectors.filter(({ mode }) => mode === 'outbound').length;
  const inbound = agent.connectors.length - outbound;
  return (
    <tr>
      <td>
        <div className={classes.agent}>
          <AgentMark type={agent.type} />
          <div>
            <Link href={`/agents/${agent.name}`} className={table.main}>
              {agent.name}
            </Link>
            {agent.paused && (
              <>
                {' '}
                <StatusBadge status="paused" />
              </>
            )}
            <div className={classes.description}>{agent.description}</div>
          </div>
        </div>
      </td>
      <td className={`${table.mono} ${table.soft}`}>
        {agent.model ?? '–'}
        {agent.missing_key !== null && (
          <div className={classes.missing} title={agent.missing_key}>
            key missing
          </div>
        )}
      </td>
      <td className={classes.links}>
        <span className={inbound === 0 ? table.soft : undefined}>{inbound} in</span>
        {' · '}
        <span className={outbound === 0 ? table.soft : undefined}>{outbound} out</span>
      </td>
      <td className={table.number}>{countText(runCount(agent.recent))}</td>
      <td className={table.number}>{percentText(successRate(agent.recent))}</td>
    </tr>
  );
}
