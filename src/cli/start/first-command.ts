import type { Connector } from '../../core/connectors/connector.ts';
import { sampleCall, samplePayload } from '../../core/connectors/connector-path.ts';
import { createConnector } from '../../core/connectors/create-connector.ts';
import { showSecret } from '../../core/connectors/rotate-secret.ts';
import type { AgentSummary } from '../../core/ports/agent-catalog.ts';
import type { Engine } from '../../core/ports/engine.ts';
import { curlCommand } from '../render/curl-command.ts';
import { payloadArgument } from '../render/payload-argument.ts';

/** Name of the connector that the first start creates. */
const sampleName = 'Try it';

/**
 * A command, with its secret, that gets an agent's answer: it calls the connector that the first start creates, a sync
 * webhook for an agent that works without setup.
 *
 * @param baseUrl public URL of the system, without a trailing slash
 * @returns `null` if no agent works yet
 */
export async function firstCommand(
  engine: Engine,
  agent: AgentSummary | null,
  baseUrl: string,
): Promise<string | null> {
  const tried = (await findTried(engine)) ?? (await makeTried(engine, agent));
  if (tried === null) return null;
  const { connector, secret } = tried;
  const payload = JSON.stringify(samplePayload(engine.types, engine.agents, connector));
  const call = sampleCall(engine.types, connector, { baseUrl }, payload);
  if (call === null) return null;
  return curlCommand({ ...call, headers: { ...call.headers }, body: String(call.body) }, secret);
}

interface TriedConnector {
  readonly connector: Connector;
  readonly secret: string;
}

/** The connector of an earlier start, which may have failed before it printed the command. */
async function findTried(engine: Engine): Promise<TriedConnector | null> {
  const page = await engine.connectors.list({ limit: 100, cursor: null, type: 'webhook', mode: 'sync' });
  const connector = page.items.find(({ name }) => name === sampleName);
  if (connector === undefined) return null;
  const shown = await showSecret(engine, 'start', connector.id);
  return shown.outcome === 'refused' ? null : { connector, secret: shown.secret };
}

async function makeTried(engine: Engine, agent: AgentSummary | null): Promise<TriedConnector | null> {
  if (agent === null) return null;
  const agents = [agent.name];
  const draft = { name: sampleName, type: 'webhook', mode: 'sync', config: {}, agents } as const;
  const created = await createConnector(engine, 'start', draft);
  if (created.outcome !== 'created' || created.secret === null) return null;
  return { connector: created.connector, secret: created.secret };
}

/** The commands that a later start shows, without a new connector or a secret: run the agent, and give it a URL. */
export function laterCommands(agent: AgentSummary | null): string | null {
  if (agent === null) return null;
  const run = `npx connectors run ${agent.name} ${payloadArgument(agent.samplePayload)}`;
  const create = `npx connectors create sync --agent ${agent.name}`;
  const width = Math.max(run.length, create.length);
  return `${run.padEnd(width)}  # here\n${create.padEnd(width)}  # by HTTP, from anywhere`;
}

/** The agent to try first, among those that miss no key: preferably a demo agent, else an LLM agent, else any. */
export function agentToTry(agents: readonly AgentSummary[]): AgentSummary | null {
  const ready = agents.filter(({ missingKey }) => missingKey === null);
  const demo = ready.find(({ model }) => model?.startsWith('demo/') === true);
  return demo ?? ready.find(({ type }) => type === 'llm') ?? ready[0] ?? null;
}
