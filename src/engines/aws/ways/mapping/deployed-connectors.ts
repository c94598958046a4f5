import * as z from 'zod';
import { updateConnector } from '../../../../core/connectors/update-connector.ts';
import { derivedUuidV7 } from '../../../../core/identifiers.ts';
import { jsonObject } from '../../../../core/json/json-value.ts';
import { recordAction } from '../../../../core/operators/record-action.ts';
import type { Engine } from '../../../../core/ports/engine.ts';

/** A connector whose event source is part of the stack. */
export const deployedConnector = z.object({
  connectorId: z.string(),
  type: z.string(),
  name: z.string(),
  config: jsonObject,
  agents: z.array(z.string()),
});
export type DeployedConnector = z.infer<typeof deployedConnector>;

/** The id of the connector with this name, the same in every deployment. */
export function deployedConnectorId(name: string): string {
  return derivedUuidV7(0, `deployed-topic\n${name}`);
}

/**
 * Creates the connectors of topics in the stack, and updates their configuration to match the stack. After creation,
 * operators control the agents and whether the connector is enabled.
 *
 * @throws RetryableError when the table is unavailable
 */
export async function makeDeployedConnectors(
  engine: Engine,
  deployed: readonly DeployedConnector[],
): Promise<void> {
  for (const each of deployed) await makeDeployedConnector(engine, each);
}

async function makeDeployedConnector(engine: Engine, deployed: DeployedConnector): Promise<void> {
  const { connectorId, name, config, agents } = deployed;
  const stored = await engine.connectors.get(connectorId);
  if (stored === null) {
    await engine.connectors.create(newConnector(deployed, engine.clock()));
    const detail = `Made "${name}" for ${agents.length} agents.`;
    return recordAction(engine, 'deployment', 'connector.created', connectorId, detail);
  }
  if (JSON.stringify(stored.config) === JSON.stringify(config)) return;
  await updateConnector(engine, connectorId, () => ({ config }));
}

function newConnector({ connectorId, type, name, config, agents }: DeployedConnector, now: number) {
  return {
    id: connectorId,
    name,
    type,
    mode: 'inbound',
    config,
    secretFields: [],
    connection: null,
    agents,
    enabled: true,
    disabledReason: null,
    disabledPeriods: [],
    paused: null,
    secretHashes: [],
    failingSince: null,
    failureTally: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  } as const;
}
