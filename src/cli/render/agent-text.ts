import type { AgentList, WireAgent } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { durationText } from '../time-text.ts';
import { healthText } from './health-text.ts';
import { waitingText } from './pause-text.ts';
import { problemLines } from './problem-lines.ts';

/** The project's agents as a table, with the problems of the last reload. */
export function agentTable({ items, problems }: AgentList, paint: Colours): string {
  const agents = table(
    ['AGENT', 'TYPE', 'MODEL', 'CONNECTORS', 'RUNS, 24 H', 'DESCRIPTION'],
    items.map((agent) => [
      agent.name,
      agent.type,
      modelText(agent, paint),
      String(agent.connectors.length),
      String(runsOf(agent)),
      printable(agent.description ?? ''),
    ]),
    paint,
  );
  if (problems.length === 0) return agents;
  return `${agents}\n\n${paint.red('The project has errors. The agents from the last successful load are still active:')}\n${problemLines(problems, paint)}`;
}

function modelText({ model, missing_key: missing }: WireAgent, paint: Colours): string {
  return missing === null ? (model ?? '-') : `${model ?? '-'} ${paint.yellow('(key missing)')}`;
}

/** All details of one agent. */
export function agentText(agent: WireAgent, paint: Colours): string {
  const { duration_ms: durations } = agent.recent;
  return facts(
    [
      ['agent', paint.bold(agent.name)],
      ['description', agent.description && printable(agent.description)],
      ['state', agent.paused ? paint.yellow('paused') : null],
      ['waits', waitingText(agent)],
      ['type', agent.type],
      ['model', agent.model],
      ['missing', agent.missing_key && paint.yellow(agent.missing_key)],
      ['tools', agent.tools.join(', ') || null],
      ['discoverable tools', agent.discoverable_tools.join(', ') || null],
      ['MCP servers', agent.mcp_servers.map(serverLine).join('\n') || null],
      ['steps', agent.steps.join(' → ') || null],
      ['timeout', `${agent.timeout_seconds} s`],
      ['max concurrent runs', agent.max_concurrent_runs?.toString() ?? null],
      [
        'concurrency key',
        agent.concurrency && `${agent.concurrency.key} (on conflict: ${agent.concurrency.on_conflict})`,
      ],
      ['session', agent.session?.key ?? null],
      ['input guardrails', guardrailsText(agent, 'input')],
      ['output guardrails', guardrailsText(agent, 'output')],
      ['compression', compressionText(agent)],
      ['file', agent.file],
      ['code', agent.code.join(', ') || null],
      ['sample', printable(JSON.stringify(agent.sample_payload))],
      [
        'connectors',
        agent.connectors.map((connector) => connectorLine(connector, paint)).join('\n') || 'none',
      ],
      ['runs, 24 h', String(runsOf(agent))],
      [
        'duration, 24 h',
        durations && `p50 ${durationText(durations.p50)}, p95 ${durationText(durations.p95)}`,
      ],
    ],
    paint,
  );
}

function serverLine({ name, url, tools, discoverable }: WireAgent['mcp_servers'][number]): string {
  const which = tools === null ? 'all tools' : printable(tools.join(', '));
  return `${name}  ${printable(url)}  ${which}${discoverable ? ' (discoverable)' : ''}`;
}

function guardrailsText({ guardrails }: WireAgent, direction: 'input' | 'output'): string | null {
  const shown = guardrails
    .filter((guardrail) => guardrail.direction === direction)
    .map(({ name, type, mode }) => (name === type ? `${name} (${mode})` : `${name} (${type}, ${mode})`));
  return shown.join(', ') || null;
}

function connectorLine(connector: WireAgent['connectors'][number], paint: Colours): string {
  const { mode, name, id, health } = connector;
  return `${mode}  ${printable(name)}  ${healthText(health, paint)}  ${id}`;
}

/** Runs of the last day in any status. */
function runsOf(agent: WireAgent): number {
  return Object.values(agent.recent.runs).reduce((sum, count) => sum + count, 0);
}

function compressionText({ context_compression: compression }: WireAgent): string | null {
  if (compression === null) return null;
  const { max_prompt_tokens, session_history } = compression;
  const history = session_history === null ? '' : `, and every ${session_history.interval} runs`;
  return `above ${max_prompt_tokens.toLocaleString('en')} tokens${history}`;
}
