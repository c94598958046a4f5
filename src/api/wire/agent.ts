import type { Connector } from '../../core/connectors/connector.ts';
import type { AgentSummary } from '../../core/ports/agent-catalog.ts';
import type { LinkedConnector, RecentNumbers, WireAgent } from '../contract/agent.ts';

/** An agent with its connectors and its numbers. */
export function agentToWire(
  agent: AgentSummary,
  connectors: readonly Connector[],
  recent: RecentNumbers,
): WireAgent {
  return {
    name: agent.name,
    description: agent.description,
    type: agent.type,
    model: agent.model,
    tools: [...agent.tools],
    steps: [...agent.steps],
    timeout_seconds: agent.timeoutSeconds,
    max_concurrent_runs: agent.maxConcurrentRuns,
    concurrency: agent.concurrency && {
      key: agent.concurrency.key,
      on_conflict: agent.concurrency.onConflict,
    },
    session: agent.session && { key: agent.session.key, ttl_seconds: agent.session.ttlSeconds },
    file: agent.file,
    output_schema: agent.outputSchema,
    connectors: connectors.map(linkedConnectorToWire),
    recent,
  };
}

function linkedConnectorToWire({ id, name, type, mode, enabled }: Connector): LinkedConnector {
  return { id, name, type, mode, enabled };
}
