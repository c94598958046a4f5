import type { Connector } from '../../core/connectors/connector.ts';
import type { ConnectorHealth } from '../../core/connectors/connector-health.ts';
import type { Pause } from '../../core/control/read-pause.ts';
import { deliveryModeOf } from '../../core/deliveries/by-choice.ts';
import type { AgentSummary } from '../../core/ports/agent-catalog.ts';
import type { LinkedConnector, RecentNumbers, WireAgent } from '../contract/agent.ts';
import { healthToWire, pauseToWire } from './connector.ts';

/** An agent with its connectors and its numbers. */
export function agentToWire(
  agent: AgentSummary,
  pause: Pause | null,
  connectors: readonly LinkedConnector[],
  recent: RecentNumbers,
): WireAgent {
  return {
    name: agent.name,
    description: agent.description,
    type: agent.type,
    model: agent.model,
    tools: [...agent.tools],
    discoverable_tools: [...agent.discoverableTools],
    mcp_servers: agent.mcpServers.map(({ tools, ...server }) => ({ ...server, tools: tools && [...tools] })),
    steps: [...agent.steps],
    timeout_seconds: agent.timeoutSeconds,
    max_concurrent_runs: agent.maxConcurrentRuns,
    concurrency: agent.concurrency && {
      key: agent.concurrency.key,
      on_conflict: agent.concurrency.onConflict,
    },
    session: agent.session && { key: agent.session.key, ttl_seconds: agent.session.ttlSeconds },
    guardrails: agent.guardrails.map((guardrail) => ({ ...guardrail })),
    context_compression: compressionToWire(agent.compression),
    file: agent.file,
    code: [...agent.code],
    input_schema: agent.inputSchema,
    output_schema: agent.outputSchema,
    sample_payload: agent.samplePayload,
    missing_key: agent.missingKey,
    ...pauseToWire(pause),
    connectors: [...connectors],
    recent,
  };
}

/** A linked connector, as shown with an agent. */
export function linkedConnectorToWire(connector: Connector, health: ConnectorHealth): LinkedConnector {
  const { id, name, type, mode, enabled } = connector;
  const delivery = mode === 'outbound' ? deliveryModeOf(connector) : null;
  return { id, name, type, mode, delivery, enabled, health: healthToWire(health) };
}

function compressionToWire(compression: AgentSummary['compression']): WireAgent['context_compression'] {
  if (compression === null) return null;
  const { model, maxPromptTokens, keepRecentMessages, sessionHistory } = compression;
  return {
    model,
    max_prompt_tokens: maxPromptTokens,
    keep_recent_messages: keepRecentMessages,
    session_history: sessionHistory && {
      interval: sessionHistory.interval,
      keep_recent_runs: sessionHistory.keepRecentRuns,
    },
  };
}
