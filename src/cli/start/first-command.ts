import type { AgentProject } from '../../agents/agent-project.ts';
import type { MissingProviderKey } from '../../agents/models/missing-provider-keys.ts';
import { createConnector } from '../../core/connectors/create-connector.ts';
import { sampleCall } from '../../core/connectors/sample-call.ts';
import type { Engine } from '../../core/ports/engine.ts';
import { curlCommand } from '../render/curl-command.ts';

/** Name of the connector that the first start makes. */
const sampleName = 'Try it';

/**
 * Makes the first connector of an empty system, a sync webhook of an agent that works as it is.
 *
 * @param baseUrl where callers reach the system, without a trailing slash
 * @returns the command that gets the agent's answer, with the connector's secret; `null` where no agent works yet
 */
export async function makeFirstConnector(
  engine: Engine,
  agentName: string | null,
  baseUrl: string,
): Promise<string | null> {
  if (agentName === null) return null;
  const draft = { name: sampleName, type: 'webhook', mode: 'sync', config: {}, agents: [agentName] } as const;
  const created = await createConnector(engine, 'start', draft);
  if (created.outcome !== 'created' || created.secret === null) return null;
  const call = sampleCall(engine.types, created.connector, baseUrl, '{"message":"Hello"}');
  if (call === null) return null;
  return curlCommand({ ...call, headers: { ...call.headers }, body: String(call.body) }, created.secret);
}

/** What a later start shows, for it makes no connector and shows no secret: run the agent, and give it a URL. */
export function laterCommands(agentName: string | null): string | null {
  if (agentName === null) return null;
  const run = `npx connectors run ${agentName} Hello`;
  const create = `npx connectors create sync --agent ${agentName}`;
  return `${run.padEnd(create.length)}  # here\n${create}  # by HTTP, from anywhere`;
}

/** An agent to try first: one that takes a message and needs nothing that is missing; the demo's before others. */
export function agentToTry(project: AgentProject, missingKeys: readonly MissingProviderKey[]): string | null {
  const keyless = new Set(missingKeys.flatMap((missing) => missing.agents));
  const ready = project.agents.filter((agent) => agent.type === 'llm' && !keyless.has(agent.name));
  const demo = ready.find((agent) => agent.type === 'llm' && agent.model.startsWith('demo/'));
  return (demo ?? ready[0])?.name ?? null;
}
