import { Link } from 'wouter';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import { counted, countText } from '../format/numbers.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { Facts } from '../parts/facts.tsx';
import { Section } from '../parts/section.tsx';

/** The agent's settings from the project's files. They can only be changed there. */
export function AgentConfiguration({ agent }: { agent: WireAgent }) {
  return (
    <Section title="Configuration">
      <Facts
        items={[
          { label: 'File', value: <code>{agent.file}</code> },
          agent.code.length > 0 && { label: 'Code', value: <code>{agent.code.join(', ')}</code> },
          { label: 'Type', value: agent.type },
          agent.model !== null && { label: 'Model', value: <code>{agent.model}</code> },
          agent.tools.length > 0 && { label: 'Tools', value: <code>{agent.tools.join(', ')}</code> },
          agent.discoverable_tools.length > 0 && {
            label: 'Discoverable tools',
            value: <code>{agent.discoverable_tools.join(', ')}</code>,
          },
          agent.mcp_servers.length > 0 && {
            label: 'MCP servers',
            value: <McpServers servers={agent.mcp_servers} />,
          },
          agent.steps.length > 0 && { label: 'Steps', value: <Steps names={agent.steps} /> },
          { label: 'Timeout', value: `${agent.timeout_seconds} s` },
          agent.max_concurrent_runs !== null && {
            label: 'Max concurrent runs',
            value: agent.max_concurrent_runs,
          },
          agent.concurrency !== null && {
            label: 'Concurrency key',
            value: (
              <>
                <code>{agent.concurrency.key}</code> (on conflict: {agent.concurrency.on_conflict})
              </>
            ),
          },
          agent.session !== null && { label: 'Session key', value: <code>{agent.session.key}</code> },
          ...guardrailFacts(agent, 'input', 'Input guardrails'),
          ...guardrailFacts(agent, 'output', 'Output guardrails'),
          agent.context_compression !== null && {
            label: 'Conversation shortened',
            value: <Compression {...agent.context_compression} />,
          },
          agent.input_schema !== null && {
            label: 'Input schema',
            value: <CodeBlock text={JSON.stringify(agent.input_schema, null, 2)} what="the input schema" />,
          },
          agent.output_schema !== null && {
            label: 'Output schema',
            value: <CodeBlock text={JSON.stringify(agent.output_schema, null, 2)} what="the schema" />,
          },
        ]}
      />
    </Section>
  );
}

function McpServers({ servers }: { servers: WireAgent['mcp_servers'] }) {
  return servers.map(({ name, url, tools, discoverable }) => (
    <div key={name}>
      {name}: <code>{url}</code>, {tools === null ? 'all tools' : <code>{tools.join(', ')}</code>}
      {discoverable && ', discoverable'}
    </div>
  ));
}

function guardrailFacts({ guardrails }: WireAgent, direction: 'input' | 'output', label: string) {
  const shown = guardrails.filter((guardrail) => guardrail.direction === direction);
  if (shown.length === 0) return [];
  const value = shown.map(({ name, type, mode }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed, and two of its entries may be the same.
    <span key={index}>
      {index > 0 && ', '}
      <code>{name}</code> ({name === type ? mode : `${type}, ${mode}`})
    </span>
  ));
  return [{ label, value }];
}

function Compression({ max_prompt_tokens, session_history }: NonNullable<WireAgent['context_compression']>) {
  return (
    <>
      above {countText(max_prompt_tokens)} tokens
      {session_history !== null && `, and every ${counted(session_history.interval, 'run')}`}
    </>
  );
}

function Steps({ names }: { names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ' → '}
      <Link href={`/agents/${name}`}>{name}</Link>
    </span>
  ));
}
