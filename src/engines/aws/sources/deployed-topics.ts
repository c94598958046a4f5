import * as z from 'zod';
import { updateConnector } from '../../../core/connectors/update-connector.ts';
import { derivedUuidV7 } from '../../../core/identifiers.ts';
import { jsonObject } from '../../../core/json/json-value.ts';
import { recordAction } from '../../../core/operators/record-action.ts';
import type { Engine } from '../../../core/ports/engine.ts';

/** A Kafka connector whose event source is part of the stack. */
export const deployedTopic = z.object({
  connectorId: z.string(),
  name: z.string(),
  config: jsonObject,
  agents: z.array(z.string()),
});
export type DeployedTopic = z.infer<typeof deployedTopic>;

/** The id of the connector of a name: the same in every deployment of it. */
export function deployedConnectorId(name: string): string {
  return derivedUuidV7(0, `deployed-topic\n${name}`);
}

/**
 * Makes the connectors of topics that the stack itself reads, and brings their configuration up to the stack's. Agents
 * and whether it is enabled are the operators' once it is made.
 *
 * @throws RetryableError when the table is away
 */
export async function makeDeployedTopics(engine: Engine, topics: readonly DeployedTopic[]): Promise<void> {
  for (const topic of topics) await makeDeployedTopic(engine, topic);
}

async function makeDeployedTopic(engine: Engine, topic: DeployedTopic): Promise<void> {
  const { connectorId, name, config, agents } = topic;
  const stored = await engine.connectors.get(connectorId);
  if (stored === null) {
    await engine.connectors.create(newConnector(topic, engine.clock()));
    const detail = `Made "${name}" for ${agents.length} agents.`;
    return recordAction(engine, 'deployment', 'connector.created', connectorId, detail);
  }
  if (JSON.stringify(stored.config) === JSON.stringify(config)) return;
  await updateConnector(engine, connectorId, () => ({ config }));
}

function newConnector({ connectorId, name, config, agents }: DeployedTopic, now: number) {
  return {
    id: connectorId,
    name,
    type: 'kafka',
    mode: 'inbound',
    config,
    secretFields: [],
    agents,
    enabled: true,
    disabledReason: null,
    disabledPeriods: [],
    secretHashes: [],
    failingSince: null,
    failureTally: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  } as const;
}
